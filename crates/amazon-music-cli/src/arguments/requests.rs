//! Flags for how requests are sent.

use std::{path::PathBuf, time::Duration};

use amazon_music::Secret;
use clap::Args;

/// Settings of requests, with the environment variables behind them.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Requests")]
pub struct Requests {
    /// Language of names and messages, such as de-DE, or es_mx as in the documentation
    #[arg(
        long,
        global = true,
        value_name = "TAG",
        env = "AMAZON_MUSIC_LOCALE",
        hide_env_values = true
    )]
    pub locale: Option<String>,

    /// Size of images: SL500, SL160, SL110, SL75 or SL30 pixels on the longer side
    #[arg(
        long,
        global = true,
        value_name = "STYLE",
        env = "AMAZON_MUSIC_IMAGE_STYLE",
        hide_env_values = true
    )]
    pub image_style: Option<String>,

    /// Header to add to each request of the API; can be repeated. The value is never printed
    #[arg(long = "header", global = true, value_name = "NAME: VALUE")]
    pub headers: Vec<Secret>,

    /// Base URL, instead of that of the live service
    #[arg(
        help = "Base URL, instead of https://api.music.amazon.dev/v1",
        long,
        global = true,
        value_name = "URL",
        env = "AMAZON_MUSIC_BASE_URL",
        hide_env_values = true
    )]
    pub base_url: Option<String>,

    /// Time for one request with all its retries, in seconds [default: 120]
    #[arg(
        long,
        global = true,
        value_name = "SECONDS",
        env = "AMAZON_MUSIC_TIMEOUT",
        hide_env_values = true,
        value_parser = seconds
    )]
    pub timeout: Option<Duration>,

    /// Retries of a failed request [default: 2]; with 0 a rate limit is not waited for either
    #[arg(
        long,
        global = true,
        value_name = "N",
        env = "AMAZON_MUSIC_RETRIES",
        hide_env_values = true,
        value_parser = clap::value_parser!(u32).range(..=100)
    )]
    pub retries: Option<u32>,

    /// Requests per second, if the limit is known; otherwise it is learned from the first 429 on
    #[arg(
        long,
        global = true,
        value_name = "N",
        env = "AMAZON_MUSIC_RATE",
        hide_env_values = true,
        value_parser = rate
    )]
    pub rate: Option<f64>,

    /// Proxy for all requests, instead of HTTPS_PROXY or ALL_PROXY
    #[arg(
        long,
        global = true,
        value_name = "URL",
        env = "AMAZON_MUSIC_PROXY",
        hide_env_values = true
    )]
    pub proxy: Option<Secret>,

    /// PEM file with root certificates to trust beside those of the system
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "AMAZON_MUSIC_CACERT",
        hide_env_values = true
    )]
    pub cacert: Option<PathBuf>,

    /// Most access tokens that are taken from a login, if there is a bound.
    #[arg(skip)]
    pub most_tokens: Option<u32>,

    /// Recording of requests
    #[command(flatten)]
    pub record: Record,
}

/// Recording of requests.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Requests")]
pub struct Record {
    /// Record each request and its response in this folder, one HAR file for each, with made-up ids, titles and names
    #[arg(id = "record", long, global = true, value_name = "DIR")]
    pub folder: Option<PathBuf>,

    /// Record bodies as served: they are private
    #[arg(
        id = "record_raw",
        long = "record-raw",
        global = true,
        requires = "record"
    )]
    pub is_raw: bool,
}

/// The flags that lead away from the sandbox.
pub(super) const ELSEWHERE: [&str; 3] = ["base_url", "proxy", "cacert"];

/// Parses a number of seconds, which may have a fraction.
fn seconds(text: &str) -> Result<Duration, String> {
    let parsed = positive(text).and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    parsed.ok_or_else(|| "must be a number of seconds above 0".to_owned())
}

/// Parses a rate.
fn rate(text: &str) -> Result<f64, String> {
    positive(text).ok_or_else(|| "must be a number of requests above 0".to_owned())
}

fn positive(text: &str) -> Option<f64> {
    let number: f64 = text.parse().ok()?;
    (number.is_finite() && number > 0.0).then_some(number)
}
