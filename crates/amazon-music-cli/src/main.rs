//! `amazon-music`: see `amazon-music --help`.

use std::process::ExitCode;

use amazon_music_cli::{arguments::Arguments, end, run};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    ExitCode::from(end(run(Arguments::from_process()).await))
}
