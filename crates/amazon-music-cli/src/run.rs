//! From the arguments to the command.

use amazon_music::{AmazonMusic, Builder};
use amazon_music_sandbox::Running;
use clap::CommandFactory as _;
use clap_complete::Shell;

use crate::{
    arguments::{Arguments, Browse, Command, Login, Output},
    browse, credentials,
    failure::Failure,
    login,
    output::{notice::notice, sink::Sink},
    serve,
};

/// Runs the command of the arguments and prints to standard output.
///
/// # Errors
///
/// Returns a [`Failure`] if the command fails: its text is the error message, and
/// [`Failure::exit_code`] the exit code.
pub async fn run(arguments: Arguments) -> Result<(), Failure> {
    let user = arguments.user.as_deref();
    let (is_sandbox, output) = (arguments.sandbox, arguments.output);
    match arguments.command {
        Command::Browse(command) if is_sandbox => browse_sandbox(command, user, output).await,
        Command::Browse(command) => {
            let music = credentials::of_service(user).await?;
            browse::call(client(music)?, command, output).await
        }
        Command::Login(login) if is_sandbox => log_in_to_sandbox(login, user).await,
        Command::Login(login) => login::login(login, user, None).await,
        Command::Logout => login::logout(user, is_sandbox).await,
        Command::Status(status) if status.check => check_logins(user, is_sandbox, output).await,
        Command::Status(_) => login::status(user, is_sandbox, output).await,
        Command::Sandbox(command) => serve::run(&command).await,
        Command::Completions { shell } => completions(shell),
    }
}

async fn browse_sandbox(
    command: Browse,
    user: Option<&str>,
    output: Output,
) -> Result<(), Failure> {
    let sandbox = start_sandbox().await?;
    let outcome = match credentials::of_sandbox(&sandbox, user)
        .await
        .and_then(client)
    {
        Ok(music) => browse::call(music, command, output).await,
        Err(failure) => Err(failure),
    };
    sandbox.shutdown().await;
    outcome
}

async fn log_in_to_sandbox(login: Login, user: Option<&str>) -> Result<(), Failure> {
    let sandbox = start_sandbox().await?;
    let outcome = login::login(login, user, Some(&sandbox)).await;
    sandbox.shutdown().await;
    outcome
}

async fn check_logins(user: Option<&str>, is_sandbox: bool, output: Output) -> Result<(), Failure> {
    if !is_sandbox {
        return login::check(user, None, output).await;
    }
    let sandbox = start_sandbox().await?;
    let outcome = login::check(user, Some(&sandbox), output).await;
    sandbox.shutdown().await;
    outcome
}

async fn start_sandbox() -> Result<Running, Failure> {
    let sandbox = amazon_music_sandbox::start()
        .await
        .map_err(|error| Failure::io("cannot start the sandbox on 127.0.0.1", error))?;
    notice!(
        "sandbox: a made-up catalog on {}, not the live service",
        sandbox.base_url()
    );
    Ok(sandbox)
}

/// A client with the settings that apply with and without the sandbox.
fn client(mut music: Builder) -> Result<AmazonMusic, Failure> {
    music = music.user_agent_suffix(concat!("amazon-music-cli/", env!("CARGO_PKG_VERSION")));
    if let Some(locale) = credentials::variable("AMAZON_MUSIC_LOCALE")? {
        music = music.locale(locale);
    }
    Ok(music.build()?)
}

fn completions(shell: Shell) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(
        shell,
        &mut Arguments::command(),
        "amazon-music",
        &mut script,
    );
    let mut stdout = Sink::stdout();
    stdout.write(&script)?;
    stdout.flush()
}
