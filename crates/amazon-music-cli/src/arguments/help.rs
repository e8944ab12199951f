//! The end of the help of the CLI itself.

use clap::{Command, builder::StyledStr};

use crate::arguments::examples::{ALL, heading, section};

const ENVIRONMENT: &str = "
  AMAZON_MUSIC_SECURITY_PROFILE_ID  ID of a security profile that is enabled for
                                    Amazon Music
  AMAZON_MUSIC_CLIENT_ID            ID of its Login with Amazon client, for
                                    `login`
  AMAZON_MUSIC_CLIENT_SECRET        secret of that client, for `login`
  AMAZON_MUSIC_TOKEN                access token (scope music::catalog), instead
                                    of a saved login
  AMAZON_MUSIC_TOKEN_DIR            folder of the saved logins
  AMAZON_MUSIC_REWRITE_PATH         FROM=TO: replace FROM at the start of each
                                    path with TO
  AMAZON_MUSIC_LOCALE, AMAZON_MUSIC_IMAGE_STYLE, AMAZON_MUSIC_BASE_URL,
  AMAZON_MUSIC_TIMEOUT, AMAZON_MUSIC_RETRIES, AMAZON_MUSIC_RATE,
  AMAZON_MUSIC_PROXY, AMAZON_MUSIC_CACERT
                                    as the flags of these names
  HTTPS_PROXY, ALL_PROXY, NO_PROXY  proxy for https
  RUST_LOG                          what to print on standard error, by target:
                                    amazon_music=debug
  NO_COLOR, CLICOLOR_FORCE          no colours; colours everywhere
  An empty variable counts as not set. With --sandbox no variable is needed, and
  no credential is read from the environment.";

const EXIT_CODES: &str = "
  0  success
  1  the request or a filter failed, or a file could not be read or written
  2  wrong arguments; no request was sent
  3  a credential is missing or was refused
  4  rate limited; retry later
  5  a list could not be read to its end; an export has skipped lists
  6  verify found differences
  130, 143  stopped by Ctrl-C, SIGTERM

Unofficial. The live service is a closed beta, and this CLI has never run
against it.";

/// Examples, environment variables and exit codes.
pub(super) fn after(command: &Command) -> StyledStr {
    let after = format!(
        "{}\n\n{}{ENVIRONMENT}\n\n{}{EXIT_CODES}",
        section(command, &ALL).ansi(),
        heading(command, "Environment:"),
        heading(command, "Exit codes:")
    );
    after.into()
}
