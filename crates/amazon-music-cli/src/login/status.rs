//! `status`: the saved logins, without asking anybody.

use crate::{
    arguments::Output,
    credentials::store,
    failure::Failure,
    login::saved::{Saved, logins, print},
};

/// Prints the saved logins.
pub(crate) async fn status(
    user: Option<&str>,
    sandbox: bool,
    output: Output,
) -> Result<(), Failure> {
    let store = store()?;
    let logins = logins(&store, user, sandbox).await?;
    let logins: Vec<_> = logins
        .iter()
        .map(|(key, tokens)| Saved::new(key, tokens))
        .collect();
    print(&logins, output).await
}
