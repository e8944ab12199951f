//! From the arguments to the command.

use crate::{
    arguments::{Arguments, Browse, Command, Login, Output, Requests, Verify},
    browse,
    client::{self, start_sandbox},
    completions,
    failure::Failure,
    login, manuals,
    notice::be_quiet,
    serve, trace, verify,
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
        Command::Browse(Browse::Verify(verify)) if verify.plan => {
            verify::print_plan(&verify, user, is_sandbox, requests).await
        }
        Command::Browse(Browse::Verify(verify)) => {
            let requests = &verify::settings(requests);
            let verify = Verify {
                user: arguments.user.clone(),
                sandbox: is_sandbox,
                ..verify
            };
            browse(Browse::Verify(verify), user, is_sandbox, requests, output).await
        }
        Command::Browse(command) => browse(command, user, is_sandbox, requests, output).await,
        Command::Login(login) if is_sandbox => log_in_to_sandbox(login, user, requests).await,
        Command::Login(login) => login::login(login, user, None, requests).await,
        Command::Logout => login::logout(user, is_sandbox).await,
        Command::Status(status) if status.check => {
            check_logins(user, is_sandbox, requests, output).await
        }
        Command::Status(_) => login::status(user, is_sandbox, output).await,
        Command::Sandbox(command) => serve::run(&command).await,
        Command::Completions { shell } => completions::print(shell),
        #[cfg(feature = "mcp")]
        Command::Mcp => crate::mcp::run(user, is_sandbox, requests).await,
        Command::Man { folder } => manuals::write(&folder),
    }
}

async fn browse(
    command: Browse,
    user: Option<&str>,
    is_sandbox: bool,
    requests: &Requests,
    output: Output,
) -> Result<(), Failure> {
    if is_sandbox {
        return browse_sandbox(command, user, requests, output).await;
    }
    let (music, pace) = client::of_service(user, requests).await?;
    let outcome = browse::call(music, command, output, requests).await;
    pace.keep();
    outcome
}

async fn browse_sandbox(
    command: Browse,
    user: Option<&str>,
    requests: &Requests,
    output: Output,
) -> Result<(), Failure> {
    let sandbox = start_sandbox().await?;
    let outcome = match client::of_sandbox(&sandbox, user, requests).await {
        Ok(music) => browse::call(music, command, output, requests).await,
        Err(failure) => Err(failure),
    };
    sandbox.shutdown().await;
    outcome
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
