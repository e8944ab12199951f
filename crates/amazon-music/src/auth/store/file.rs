//! Tokens in files.

use std::{
    fmt::Write as _,
    fs::{self, File, OpenOptions, TryLockError},
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::{
    auth::{
        error::TokenError,
        lwa::TokenSet,
        store::{
            atomic_file,
            contract::{LockedTokens, StoreFuture, TokenKey, TokenStore},
            record,
        },
    },
    clock::Clock,
};

/// How long to wait before a lock that another process holds is tried again. A renewal takes some tenths
/// of a second.
const LOCK_WAIT: Duration = Duration::from_millis(20);

/// How long to wait for a lock in all. With the three requests of a renewal it is within the minute that
/// a renewal has, so that none is broken off after its refresh token was used.
const LONGEST_LOCK_WAIT: Duration = Duration::from_secs(20);

/// Keeps tokens in a folder, one file for each user of each security profile.
///
/// - On Unix the files are made with the mode 0600 and the folder with 0700. On Windows they have the
///   protection of the folder they are in, which inside a user's profile is that user's.
/// - A file is replaced as a whole: a crash at any moment leaves the old tokens or the new ones.
/// - Processes that share the folder renew once: see [`TokenStore`]. The folder must be on a file system
///   with locks; most network file systems have them.
/// - A file that is damaged, newer or somebody else's is an error, and stays as it is.
///
/// The tokens are not encrypted: whoever can read the files can use them.
///
/// ```
/// use amazon_music::auth::{FileTokenStore, LoginWithAmazon, TokenKey};
///
/// let store = FileTokenStore::new("tokens");
/// let key = TokenKey::new("amzn1.application.0123456789abcdef", "anna");
/// let tokens = LoginWithAmazon::new("amzn1.application-oa2-client.0123456789abcdef")
///     .client_secret("…")
///     .stored(store, key);
/// let builder = amazon_music::AmazonMusic::builder().tokens(tokens);
/// # drop(builder);
/// ```
#[derive(Clone, Debug)]
pub struct FileTokenStore {
    folder: PathBuf,
}

impl FileTokenStore {
    /// The store in this folder, which is made when something is kept.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
        }
    }

    /// The file of a key. Its name tells the user, and of the security profile nothing.
    #[must_use]
    pub fn path(&self, key: &TokenKey) -> PathBuf {
        let mut hash = Sha256::new();
        hash.update(key.security_profile_id().expose());
        hash.update([0]);
        hash.update(key.user());
        let plain = |character: char| match character.to_ascii_lowercase() {
            plain @ ('a'..='z' | '0'..='9' | '-') => plain,
            _ => '_',
        };
        let mut name: String = key.user().chars().take(40).map(plain).collect();
        name.push('-');
        for byte in hash.finalize().iter().take(8) {
            // Writing to a string does not fail.
            let _ = write!(name, "{byte:02x}");
        }
        name.push_str(".json");
        self.folder.join(name)
    }

    /// All logins that are kept, in the order of their files' names, and an error for each file that
    /// cannot be read.
    ///
    /// # Errors
    ///
    /// Fails where the folder cannot be read.
    pub async fn keys(&self) -> Result<Vec<Result<TokenKey, TokenError>>, TokenError> {
        let folder = self.folder.clone();
        blocking(move || {
            let mut files = match json_files(&folder) {
                Ok(files) => files,
                Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
                Err(error) => return Err(failed("read", &folder, &error)),
            };
            files.sort();
            let read = files.iter().filter_map(|file| read_file(file).transpose());
            Ok(read.map(|found| found.map(|(key, _)| key)).collect())
        })
        .await
    }
}

fn json_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path()));
    let mut files = entries.collect::<io::Result<Vec<_>>>()?;
    files.retain(|file| {
        file.extension()
            .is_some_and(|extension| extension == "json")
    });
    Ok(files)
}

impl TokenStore for FileTokenStore {
    fn lock<'a>(
        &'a self,
        key: &'a TokenKey,
        clock: &'a dyn Clock,
    ) -> StoreFuture<'a, Box<dyn LockedTokens>> {
        Box::pin(async move {
            let path = self.path(key);
            let lock = path.with_extension("lock");
            let opened = {
                let (folder, lock) = (self.folder.clone(), lock.clone());
                blocking(move || {
                    atomic_file::private_folder(&folder)
                        .map_err(|error| failed("make", &folder, &error))?;
                    let mut options = OpenOptions::new();
                    let options = options.write(true).create(true).truncate(false);
                    let file = atomic_file::private(options).open(&lock);
                    file.map_err(|error| failed("open", &lock, &error))
                })
                .await?
            };
            // Tried and not waited for: a wait in a thread could not be given up.
            let end = clock.elapsed().saturating_add(LONGEST_LOCK_WAIT);
            loop {
                match opened.try_lock() {
                    Ok(()) => break,
                    Err(TryLockError::WouldBlock) if clock.elapsed() >= end => {
                        let text =
                            "another process is renewing this login, and does not come to an end";
                        return Err(TokenError::passing(text));
                    }
                    Err(TryLockError::WouldBlock) => {
                        clock.sleep(LOCK_WAIT.mul_f64(0.5 + fastrand::f64())).await;
                    }
                    Err(TryLockError::Error(error)) => return Err(failed("lock", &lock, &error)),
                }
            }
            let locked: Box<dyn LockedTokens> = Box::new(Locked {
                key: key.clone(),
                path,
                lock: Arc::new(opened),
            });
            Ok(locked)
        })
    }

    fn load<'a>(&'a self, key: &'a TokenKey) -> StoreFuture<'a, Option<TokenSet>> {
        Box::pin(load(self.path(key), key.clone()))
    }
}

struct Locked {
    key: TokenKey,
    path: PathBuf,
    /// Closing it gives the lock back, once the last work on the files is done too: that goes on where
    /// whoever waits for it gives up. The file stays: another process may be waiting for this one.
    lock: Arc<File>,
}

impl LockedTokens for Locked {
    fn load(&mut self) -> StoreFuture<'_, Option<TokenSet>> {
        Box::pin(load(self.path.clone(), self.key.clone()))
    }

    fn save<'a>(&'a mut self, tokens: &'a TokenSet) -> StoreFuture<'a, ()> {
        let text = record::write(&self.key, tokens);
        let (path, key, lock) = (self.path.clone(), self.key.clone(), self.lock.clone());
        Box::pin(blocking(move || {
            let _held = lock;
            // What is not ours is not replaced.
            read_own(&path, &key)?;
            let text = text.map_err(TokenError::terminal)?;
            atomic_file::replace(&path, &text, |_| Ok(()))
                .map_err(|error| failed("write", &path, &error))
        }))
    }

    fn remove(&mut self) -> StoreFuture<'_, ()> {
        let (path, key, lock) = (self.path.clone(), self.key.clone(), self.lock.clone());
        Box::pin(blocking(move || {
            let _held = lock;
            read_own(&path, &key)?;
            atomic_file::remove(&path).map_err(|error| failed("remove", &path, &error))
        }))
    }
}

async fn load(path: PathBuf, key: TokenKey) -> Result<Option<TokenSet>, TokenError> {
    blocking(move || read_own(&path, &key)).await
}

/// Work on files, which may take as long as a disk does.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, TokenError> + Send + 'static,
) -> Result<T, TokenError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|_| Err(TokenError::passing("the token store was broken off")))
}

/// What the file of a key holds, where there is one.
fn read_own(path: &Path, key: &TokenKey) -> Result<Option<TokenSet>, TokenError> {
    match read_file(path)? {
        None => Ok(None),
        Some((found, tokens)) if found == *key => Ok(Some(tokens)),
        Some(_) => Err(refused(
            path,
            "holds the tokens of another user or security profile",
        )),
    }
}

fn read_file(path: &Path) -> Result<Option<(TokenKey, TokenSet)>, TokenError> {
    let text = match fs::read(path) {
        Ok(text) => Zeroizing::new(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed("read", path, &error)),
    };
    let read = record::read(&text);
    read.map(Some).map_err(|reason| refused(path, reason))
}

fn refused(path: &Path, reason: &str) -> TokenError {
    let path = path.display();
    TokenError::terminal(format!("{path} {reason}: move it away, and log in again"))
}

fn failed(what: &str, path: &Path, error: &io::Error) -> TokenError {
    TokenError::passing(format!("cannot {what} {}: {error}", path.display()))
}
