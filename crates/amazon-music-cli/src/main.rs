//! `amazon-music`: see `amazon-music --help`.

use std::process::ExitCode;

use amazon_music_cli::{arguments::Arguments, end, run, usage};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    // The first connection takes 10 ms less than with the default of rustls, and the build half the time.
    amazon_music::use_ring();
    ExitCode::from(match Arguments::from_process() {
        Ok(arguments) => {
            let format = arguments.error_format;
            end(run(arguments).await, format)
        }
        Err(message) => usage(&message),
    })
}
