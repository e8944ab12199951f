//! `amazon-music`: see `amazon-music --help`.

use std::process::ExitCode;

use amazon_music_cli::{Failure, arguments::Arguments, run};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    // The first connection takes 10 ms less than with the default of rustls, and the build half the time.
    amazon_music::use_ring();
    match run(Arguments::from_process()).await {
        Ok(()) | Err(Failure::ClosedPipe) => ExitCode::SUCCESS,
        Err(failure) => {
            anstream::eprintln!("error: {failure}");
            ExitCode::from(failure.exit_code())
        }
    }
}
