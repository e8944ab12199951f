//! Logging in and out.

mod check;
mod qr;
mod saved;
mod status;

use std::io::{self, IsTerminal as _};

use amazon_music::auth::{
    FileTokenStore, LoginWithAmazon, Region, TokenContext, TokenKey, TokenSet, TokenStore as _,
};
use amazon_music::{Secret, clock::SystemClock};
use amazon_music_sandbox::Running;

use crate::{
    arguments::{Home, Login, Requests},
    credentials::{
        not_logged_in, sandbox_client, sandbox_key, saved, store, user_name, variable,
        warn_if_exposed,
    },
    failure::Failure,
    notice::notice,
    output::sink::print,
    requests::Connection,
};

pub(crate) use self::{check::check, status::status};

/// The page where users revoke permissions
/// ([source](https://videocentral.amazon.com/support/token-revocation)).
const REVOKE_URL: &str = "https://amazon.com/ap/adam";

/// Logs the user in and saves the tokens.
pub(crate) async fn login(
    arguments: Login,
    user: Option<&str>,
    sandbox: Option<&Running>,
    requests: &Requests,
) -> Result<(), Failure> {
    let store = store()?;
    let (client, key) = match sandbox {
        Some(sandbox) => (sandbox_client(sandbox), sandbox_key(user)),
        None => (own_client(&arguments)?, own_key(&arguments, user)?),
    };
    let client = client.scope(&arguments.scope);
    let connection = match sandbox {
        Some(_) => Connection::default(),
        None => Connection::new(requests)?,
    };
    let http = client.http_client_with(|http| connection.configure(http))?;
    let context = TokenContext::new(&http);
    // Checked before the user does anything: the login can be read and written.
    store.load(&key).await?;
    let mut locked = store.lock(&key, context.clock).await?;
    locked.reserve().await.map_err(Failure::Unwritable)?;
    drop(locked);
    let tokens = if arguments.device {
        on_device(&client, context).await?
    } else {
        in_browser(&client, &arguments, context).await?
    };
    store.save(&key, &tokens, context.clock).await?;
    let account = sandbox.and_then(|sandbox| sandbox.user_of(tokens.access_token.expose()));
    warn_if_exposed(&store, &key).await;
    confirm(&store, &key, &tokens, account.as_deref())
}

/// `account` is the name of the user there, which only the sandbox tells without a scope for it.
fn confirm(
    store: &FileTokenStore,
    key: &TokenKey,
    tokens: &TokenSet,
    account: Option<&str>,
) -> Result<(), Failure> {
    let path = store.path(key);
    let account = account.map_or_else(String::new, |name| format!(" with the account {name:?}"));
    if tokens.refresh_token.is_none() {
        notice!(
            "warning: no refresh token was issued, so the login ends when its access token expires: set \
             AMAZON_MUSIC_CLIENT_SECRET to get one"
        );
    }
    print(format_args!(
        "logged in as {:?}{account}; the tokens are saved in {}",
        key.user(),
        path.display()
    ))
}

/// The client that the user has registered.
fn own_client(arguments: &Login) -> Result<LoginWithAmazon, Failure> {
    let id = arguments.client_id.as_deref();
    let id = id.ok_or_else(|| missing("--client-id", "AMAZON_MUSIC_CLIENT_ID"))?;
    let mut client = LoginWithAmazon::new(id).region(match arguments.region {
        Home::Na => Region::NorthAmerica,
        Home::Eu => Region::Europe,
        Home::Fe => Region::FarEast,
    });
    if let Some(secret) = secret(arguments)? {
        client = client.client_secret(secret);
    }
    Ok(client)
}

/// The client secret. Never an argument: other users of the machine can see those.
fn secret(arguments: &Login) -> Result<Option<Secret>, Failure> {
    if !arguments.client_secret_stdin {
        return Ok(variable("AMAZON_MUSIC_CLIENT_SECRET")?.map(Secret::from));
    }
    let mut line = String::new();
    io::stdin()
        .read_line(&mut line)
        .map_err(|error| Failure::io("--client-secret-stdin: cannot read standard input", error))?;
    let line = Secret::from(line);
    match line.expose().trim() {
        "" => Err(Failure::Usage(
            "--client-secret-stdin: the first line of standard input is empty".to_owned(),
        )),
        secret => Ok(Some(secret.into())),
    }
}

fn own_key(arguments: &Login, user: Option<&str>) -> Result<TokenKey, Failure> {
    let profile = arguments.security_profile_id.as_deref();
    let profile = profile
        .ok_or_else(|| missing("--security-profile-id", "AMAZON_MUSIC_SECURITY_PROFILE_ID"))?;
    Ok(TokenKey::new(profile, user_name(user)))
}

fn missing(flag: &str, variable: &str) -> Failure {
    Failure::Credentials(format!(
        "login needs {flag} or {variable}, or --sandbox to run without credentials"
    ))
}

async fn on_device(
    client: &LoginWithAmazon,
    context: TokenContext<'_>,
) -> Result<TokenSet, Failure> {
    let login = client.device(context).await?;
    let (url, code) = (login.verification_uri(), login.user_code());
    notice!("enter the code {code} on any device at:\n{url}");
    if io::stderr().is_terminal()
        && let Some(code) = qr::code(url)
    {
        notice!("{code}");
    }
    Ok(login.finish(context).await?)
}

async fn in_browser(
    client: &LoginWithAmazon,
    arguments: &Login,
    context: TokenContext<'_>,
) -> Result<TokenSet, Failure> {
    let login = client.loopback().port(arguments.port);
    let opens = !arguments.no_browser;
    let show = |url: &str| {
        // Alone on its line: hundreds of characters inside a sentence are hard to copy.
        notice!("open this URL in a browser on this machine:\n{url}");
        // If no browser opens, the user can still follow the line above.
        if opens && open::that_detached(url).is_err() {
            notice!("warning: no browser could be opened");
        }
    };
    Ok(login.run(context, show).await?)
}

/// Deletes the tokens of a saved login.
pub(crate) async fn logout(user: Option<&str>, sandbox: bool) -> Result<(), Failure> {
    let store = store()?;
    let key = if sandbox {
        sandbox_key(user)
    } else {
        if store.keys().await?.is_empty() {
            return Err(not_logged_in(user, sandbox));
        }
        let profile = variable("AMAZON_MUSIC_SECURITY_PROFILE_ID")?;
        saved(&store, user, profile.as_deref()).await?
    };
    if store.load(&key).await?.is_none() {
        return Err(not_logged_in(user, sandbox));
    }
    store.remove(&key, &SystemClock::new()).await?;
    let revoke = match sandbox {
        true => String::new(),
        false => format!("\nto revoke the permission itself, go to {REVOKE_URL}"),
    };
    print(format_args!(
        "logged out {:?}: the tokens on this machine are deleted{revoke}",
        key.user()
    ))
}
