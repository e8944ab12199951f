//! Logging in and out, and what is kept of it.

use std::{io, time::SystemTime};

use amazon_music::auth::{
    FileTokenStore, LoginWithAmazon, Region, TokenContext, TokenKey, TokenSet, TokenStore as _,
};
use amazon_music::{Secret, clock::SystemClock};
use amazon_music_sandbox::Running;
use serde::Serialize;

use crate::{
    Failure,
    arguments::{Format, Home, Login},
    credentials::{
        is_sandbox, kept, no_login, sandbox_client, sandbox_key, store, user_name, variable,
    },
    output::{Printer, Row},
};

/// Where users take permissions back
/// ([source](https://videocentral.amazon.com/support/token-revocation)).
const REVOKE_URL: &str = "https://amazon.com/ap/adam";

/// Logs the user in and keeps the tokens.
pub(crate) async fn login(
    arguments: Login,
    user: Option<&str>,
    sandbox: Option<&Running>,
) -> Result<(), Failure> {
    let store = store()?;
    let (client, key) = match sandbox {
        Some(sandbox) => (sandbox_client(sandbox), sandbox_key(user)),
        None => (own_client(&arguments)?, own_key(&arguments, user)?),
    };
    let client = client.scope(&arguments.scope);
    let http = client.http_client()?;
    let context = TokenContext::new(&http);
    // Before the user does anything for nothing: what is kept can be read, and written.
    store.load(&key).await?;
    drop(store.lock(&key, context.clock).await?);
    let tokens = match arguments.device {
        true => on_device(&client, context).await?,
        false => in_browser(&client, &arguments, context).await?,
    };
    store.save(&key, &tokens, context.clock).await?;
    let path = store.path(&key);
    anstream::println!(
        "logged in as {:?}; the tokens are kept in {}",
        key.user(),
        path.display()
    );
    if tokens.refresh_token.is_none() {
        anstream::eprintln!(
            "warning: no refresh token came, so the login ends with its access token: set \
             AMAZON_MUSIC_CLIENT_SECRET to get one"
        );
    }
    Ok(())
}

/// The client that the user has registered.
fn own_client(arguments: &Login) -> Result<LoginWithAmazon, Failure> {
    let id = arguments
        .client_id
        .clone()
        .or_else(|| variable("AMAZON_MUSIC_CLIENT_ID"))
        .ok_or_else(|| missing("--client-id", "AMAZON_MUSIC_CLIENT_ID"))?;
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

/// The client's secret, which is never an argument: those can be seen by other users of the machine.
fn secret(arguments: &Login) -> Result<Option<Secret>, Failure> {
    if !arguments.client_secret_stdin {
        return Ok(variable("AMAZON_MUSIC_CLIENT_SECRET").map(Secret::from));
    }
    let mut line = String::new();
    io::stdin().read_line(&mut line)?;
    let line = Secret::from(line);
    match line.expose().trim() {
        "" => Err(Failure::Usage(
            "no client secret came on standard input".to_owned(),
        )),
        secret => Ok(Some(secret.into())),
    }
}

fn own_key(arguments: &Login, user: Option<&str>) -> Result<TokenKey, Failure> {
    let profile = arguments
        .security_profile_id
        .clone()
        .or_else(|| variable("AMAZON_MUSIC_SECURITY_PROFILE_ID"))
        .ok_or_else(|| missing("--security-profile-id", "AMAZON_MUSIC_SECURITY_PROFILE_ID"))?;
    Ok(TokenKey::new(profile, user_name(user)))
}

fn missing(option: &str, variable: &str) -> Failure {
    Failure::Credentials(format!(
        "a login needs {option} or {variable}; add --sandbox to try without"
    ))
}

async fn on_device(
    client: &LoginWithAmazon,
    context: TokenContext<'_>,
) -> Result<TokenSet, Failure> {
    let login = client.device(context).await?;
    let (url, code) = (login.verification_uri(), login.user_code());
    anstream::eprintln!("open {url} on any device and enter {code}");
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
        anstream::eprintln!("open {url} in a browser of this machine");
        // Where no browser opens, the line above is there to be followed.
        if opens && open::that_detached(url).is_err() {
            anstream::eprintln!("no browser could be opened");
        }
    };
    Ok(login.run(context, show).await?)
}

/// Deletes the tokens of a login.
pub(crate) async fn logout(user: Option<&str>, sandbox: bool) -> Result<(), Failure> {
    let store = store()?;
    let key = match sandbox {
        true => sandbox_key(user),
        false => {
            let profile = variable("AMAZON_MUSIC_SECURITY_PROFILE_ID");
            kept(&store, user, profile.as_deref()).await?
        }
    };
    if store.load(&key).await?.is_none() {
        return Err(no_login(user, sandbox));
    }
    store.remove(&key, &SystemClock::new()).await?;
    anstream::println!("logged out {:?}: the tokens are deleted here", key.user());
    if !sandbox {
        anstream::println!("the permission itself is taken back at {REVOKE_URL}");
    }
    Ok(())
}

/// Prints the logins that are kept.
pub(crate) async fn status(
    user: Option<&str>,
    sandbox: bool,
    format: Format,
) -> Result<(), Failure> {
    let store = store()?;
    let logins = logins(&store, user, sandbox).await?;
    if logins.is_empty() {
        return Err(no_login(user, sandbox));
    }
    let mut printer = Printer::new(format);
    printer.page(&logins)?;
    printer.end(&crate::output::End::whole())
}

async fn logins(
    store: &FileTokenStore,
    user: Option<&str>,
    sandbox: bool,
) -> Result<Vec<Kept>, Failure> {
    let mut logins = Vec::new();
    for found in store.keys().await? {
        let key = match found {
            Ok(key) => key,
            Err(error) => {
                anstream::eprintln!("warning: {error}");
                continue;
            }
        };
        let is_asked_for = user.is_none_or(|user| user == key.user());
        if !is_asked_for || (sandbox && !is_sandbox(&key)) {
            continue;
        }
        // Gone in the meantime: not kept.
        if let Some(tokens) = store.load(&key).await? {
            logins.push(Kept::new(&key, &tokens));
        }
    }
    Ok(logins)
}

/// What can be told of a login.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Kept {
    user: String,
    service: &'static str,
    scope: String,
    /// Of the access token.
    seconds_left: Option<u64>,
    renewable: bool,
}

impl Kept {
    fn new(key: &TokenKey, tokens: &TokenSet) -> Self {
        let left = |end: SystemTime| end.duration_since(SystemTime::now()).unwrap_or_default();
        Self {
            user: key.user().to_owned(),
            service: match is_sandbox(key) {
                true => "sandbox",
                false => "amazon",
            },
            scope: tokens.scope.clone(),
            seconds_left: tokens.expires_at.map(|end| left(end).as_secs()),
            renewable: tokens.refresh_token.is_some(),
        }
    }
}

impl Row for Kept {
    const COLUMNS: &'static [&'static str] =
        &["USER", "SERVICE", "SCOPE", "ACCESS TOKEN", "RENEWED"];
    const FIELDS: &'static [&'static str] =
        &["user", "service", "scope", "secondsLeft", "renewable"];

    fn cells(&self) -> Vec<String> {
        let left = match self.seconds_left {
            None => "until it is refused".to_owned(),
            Some(0) => "ended".to_owned(),
            Some(seconds @ 1..120) => format!("{seconds} seconds left"),
            Some(seconds) => format!("{} minutes left", seconds / 60),
        };
        let renewed = match self.renewable {
            true => "when needed",
            false => "by a new login",
        };
        let texts = [&self.user, self.service, &self.scope, &left, renewed];
        texts.map(crate::output::printable).to_vec()
    }
}
