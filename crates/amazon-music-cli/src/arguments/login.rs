//! Flags of `login`.

use clap::{Args, ValueEnum};

/// Login of a user.
#[derive(Debug, Args)]
pub struct Login {
    /// Show a code to enter on another device, instead of using a browser on this machine
    #[arg(long)]
    pub device: bool,

    /// ID of the Login with Amazon client: amzn1.application-oa2-client.…
    #[arg(
        long,
        value_name = "ID",
        env = "AMAZON_MUSIC_CLIENT_ID",
        hide_env_values = true
    )]
    pub client_id: Option<String>,

    /// Read the secret of the client from the first line of standard input
    #[arg(long)]
    pub client_secret_stdin: bool,

    /// ID of the security profile that is enabled for Amazon Music: amzn1.application.…
    #[arg(
        long,
        value_name = "ID",
        env = "AMAZON_MUSIC_SECURITY_PROFILE_ID",
        hide_env_values = true
    )]
    pub security_profile_id: Option<String>,

    /// Region of the account
    #[arg(long, value_enum, default_value_t = Home::Na)]
    pub region: Home,

    /// Scopes to request, separated by spaces
    #[arg(long, value_name = "SCOPES", default_value = amazon_music::auth::BROWSE_SCOPE)]
    pub scope: String,

    /// Port of the return URL: http://127.0.0.1:PORT/callback must be an allowed return URL of the client
    #[arg(long, default_value_t = amazon_music::auth::LOOPBACK_PORT, value_parser = port, conflicts_with = "device")]
    pub port: u16,

    /// Print the login URL without opening a browser
    #[arg(long, conflicts_with = "device")]
    pub no_browser: bool,
}

/// Flags of `status`.
#[derive(Debug, Args)]
pub struct Status {
    /// Ask the service whether each login works, and Login with Amazon whose it is
    #[arg(long)]
    pub check: bool,
}

/// Parses a port that a browser can come back to.
fn port(text: &str) -> Result<u16, String> {
    match text.parse() {
        Ok(0) => Err(
            "0 is any free port, but Amazon compares return URLs to the letter: give the port of an \
             allowed return URL"
                .to_owned(),
        ),
        Ok(port) => Ok(port),
        Err(error) => Err(error.to_string()),
    }
}

/// Region of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Home {
    /// North America: amazon.com
    Na,
    /// Europe: amazon.co.uk
    Eu,
    /// Far East: amazon.co.jp
    Fe,
}
