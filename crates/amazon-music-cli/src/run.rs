//! From the arguments to the command.

use amazon_music::AmazonMusic;
use amazon_music_sandbox::Running;

use crate::{
    arguments::{Arguments, Browse, Command, Login, Output, Requests},
    browse, completions, credentials,
    failure::Failure,
    login, manuals,
    notice::{be_quiet, hint},
    pace::RunPace,
    record::recorded,
    requests::with_settings,
    serve, trace,
};

/// Runs the command of the arguments and prints to standard output.
///
/// # Errors
///
/// Returns a [`Failure`] if the command fails: its text is the error message, and
/// [`Failure::exit_code`] the exit code.
pub async fn run(arguments: Arguments) -> Result<(), Failure> {
    trace::listen(arguments.verbose);
    let (user, requests) = (arguments.user.as_deref(), &arguments.requests);
    let (is_sandbox, output) = (arguments.sandbox, arguments.output);
    if output.quiet {
        be_quiet();
    }
    match arguments.command {
        Command::Browse(command) if is_sandbox => {
            browse_sandbox(command, user, requests, output).await
        }
        Command::Browse(command) => {
            let (music, pace) = credentials::of_service(user, requests).await?;
            let music = pace
                .apply(recorded(with_settings(music, requests)?, &requests.record)?)
                .build()?;
            let outcome = browse::call(music, command, output, requests).await;
            pace.keep();
            outcome
        }
        Command::Login(login) if is_sandbox => log_in_to_sandbox(login, user, requests).await,
        Command::Login(login) => login::login(login, user, None, requests).await,
        Command::Logout => login::logout(user, is_sandbox).await,
        Command::Status(status) if status.check => {
            check_logins(user, is_sandbox, requests, output).await
        }
        Command::Status(_) => login::status(user, is_sandbox, output).await,
        Command::Sandbox(command) => serve::run(&command).await,
        Command::Completions { shell } => completions::print(shell),
        Command::Man { folder } => manuals::write(&folder),
    }
}

async fn browse_sandbox(
    command: Browse,
    user: Option<&str>,
    requests: &Requests,
    output: Output,
) -> Result<(), Failure> {
    let sandbox = start_sandbox().await?;
    let outcome = match client_of(&sandbox, user, requests).await {
        Ok(music) => browse::call(music, command, output, requests).await,
        Err(failure) => Err(failure),
    };
    sandbox.shutdown().await;
    outcome
}

async fn client_of(
    sandbox: &Running,
    user: Option<&str>,
    requests: &Requests,
) -> Result<AmazonMusic, Failure> {
    let music = credentials::of_sandbox(sandbox, user).await?;
    // On loopback, without TLS: a system without root certificates is fine.
    let music = music.configure_http(|http| http.tls_certs_only([]));
    let music = recorded(with_settings(music, requests)?, &requests.record)?;
    // What the sandbox allows is not kept: it is gone with this process.
    Ok(RunPace::new(requests, None).apply(music).build()?)
}

async fn log_in_to_sandbox(
    login: Login,
    user: Option<&str>,
    requests: &Requests,
) -> Result<(), Failure> {
    let sandbox = start_sandbox().await?;
    let outcome = login::login(login, user, Some(&sandbox), requests).await;
    sandbox.shutdown().await;
    outcome
}

async fn check_logins(
    user: Option<&str>,
    is_sandbox: bool,
    requests: &Requests,
    output: Output,
) -> Result<(), Failure> {
    if !is_sandbox {
        return login::check(user, None, requests, output).await;
    }
    let sandbox = start_sandbox().await?;
    let outcome = login::check(user, Some(&sandbox), requests, output).await;
    sandbox.shutdown().await;
    outcome
}

async fn start_sandbox() -> Result<Running, Failure> {
    let sandbox = amazon_music_sandbox::start()
        .await
        .map_err(|error| Failure::io("cannot start the sandbox on 127.0.0.1", error))?;
    hint!(
        "sandbox: a made-up catalog on {}, not the live service",
        sandbox.base_url()
    );
    Ok(sandbox)
}
