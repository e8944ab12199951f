//! Tokens in files.

use std::{
    fmt::Write as _,
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use sha2::{Digest as _, Sha256};

use crate::{
    auth::{
        error::TokenError,
        lwa::TokenSet,
        store::{
            atomic_file,
            contract::{LockedTokens, StoreFuture, TokenKey, TokenStore},
            record,
            token_file::{self, failed, read_own},
        },
    },
    clock::Clock,
    observe,
};

/// The delay before a lock that another process holds is tried once more. A refresh takes some tenths of a
/// second.
const LOCK_DELAY: Duration = Duration::from_millis(20);

/// The longest wait for a lock. With the requests of a refresh it is within the minute that a refresh has,
/// so that none is cut off after its refresh token was used.
const LONGEST_LOCK_WAIT: Duration = Duration::from_secs(20);

/// Keeps tokens in a folder, one file for each user of each security profile.
///
/// - On Unix the files are made with the mode 0600 and the folder with 0700. On Windows they have the
///   protection of the folder they are in, which inside a user's profile is that user's. A wider mode
///   that was set since is reported by [`exposed`](Self::exposed).
/// - A file is replaced as a whole: a crash at any moment leaves the old tokens or the new ones. A file
///   that is a link stays one.
/// - Room for the new tokens is made before a refresh token is spent: on a full disk a refresh fails, and
///   the login stays good.
/// - In a folder that cannot be written, as a secret of Kubernetes, tokens are refreshed in memory.
/// - Processes that share the folder refresh once: see [`TokenStore`]. The folder must be on a file system
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
    /// Makes a store in this folder, which is created when something is kept.
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

    /// Says how other users of this machine could read or replace the tokens of a key, and what to do about
    /// it: a mode wider than 0600 of the file, or a folder that others can write to. Nothing is said on
    /// systems without modes.
    pub async fn exposed(&self, key: &TokenKey) -> Option<String> {
        let (folder, path) = (self.folder.clone(), self.path(key));
        blocking(move || Ok(token_file::exposed(&folder, &path)))
            .await
            .unwrap_or_default()
    }

    /// Lists all logins that are kept, in the order of their files' names, with an error for each file that
    /// cannot be read.
    ///
    /// # Errors
    ///
    /// Returns an error if the folder cannot be read.
    pub async fn keys(&self) -> Result<Vec<Result<TokenKey, TokenError>>, TokenError> {
        let folder = self.folder.clone();
        blocking(move || {
            let mut files = match json_files(&folder) {
                Ok(files) => files,
                Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
                Err(error) => return Err(failed("read", &folder, error)),
            };
            files.sort();
            let read = files
                .iter()
                .filter_map(|file| token_file::read(file).transpose());
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
                blocking(move || token_file::open_lock(&folder, &lock)).await?
            };
            if let Some(file) = &opened {
                take(file, &lock, clock).await?;
            }
            let locked: Box<dyn LockedTokens> = Box::new(Locked {
                key: key.clone(),
                path,
                lock: opened.map(Arc::new),
                reserved: None,
            });
            Ok(locked)
        })
    }

    fn load<'a>(&'a self, key: &'a TokenKey) -> StoreFuture<'a, Option<TokenSet>> {
        let (folder, path, key) = (self.folder.clone(), self.path(key), key.clone());
        Box::pin(blocking(move || {
            if let Some(warning) = token_file::exposed(&folder, &path) {
                observe::tokens_exposed(&warning);
            }
            read_own(&path, &key)
        }))
    }
}

/// Takes the lock. Tried and not waited for: a wait in a thread could not be given up.
async fn take(file: &File, path: &Path, clock: &dyn Clock) -> Result<(), TokenError> {
    let end = clock.elapsed().saturating_add(LONGEST_LOCK_WAIT);
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) if clock.elapsed() >= end => {
                return Err(TokenError::passing(format!(
                    "another process is refreshing this login and has not finished within {} seconds",
                    LONGEST_LOCK_WAIT.as_secs()
                )));
            }
            Err(TryLockError::WouldBlock) => {
                clock.sleep(LOCK_DELAY.mul_f64(0.5 + fastrand::f64())).await;
            }
            Err(TryLockError::Error(error)) => return Err(failed("lock", path, error)),
        }
    }
}

struct Locked {
    key: TokenKey,
    path: PathBuf,
    /// Closing it gives the lock back, once the last work on the files is done too: that goes on if
    /// whoever waits for it gives up. The file stays: another process may be waiting for this one.
    /// Nothing in a folder that cannot be written.
    lock: Option<Arc<File>>,
    /// Room for the next save.
    reserved: Option<atomic_file::Reserved>,
}

impl Locked {
    /// Works on the file of this key in a thread, with the lock held.
    fn work<T, W>(&self, work: W) -> impl Future<Output = Result<T, TokenError>> + use<T, W>
    where
        T: Send + 'static,
        W: FnOnce(&Path, &TokenKey) -> Result<T, TokenError> + Send + 'static,
    {
        let (path, key, lock) = (self.path.clone(), self.key.clone(), self.lock.clone());
        blocking(move || {
            let _held = lock;
            work(&path, &key)
        })
    }
}

impl LockedTokens for Locked {
    fn load(&mut self) -> StoreFuture<'_, Option<TokenSet>> {
        Box::pin(self.work(read_own))
    }

    fn reserve(&mut self) -> StoreFuture<'_, ()> {
        Box::pin(async move {
            let reserve = self.work(|path, key| {
                read_own(path, key)?;
                let target = token_file::target(path)?;
                atomic_file::reserve(&target, &mut |_| Ok(()))
                    .map_err(|error| token_file::cannot_reserve(path, error))
            });
            self.reserved = Some(reserve.await?);
            Ok(())
        })
    }

    fn save<'a>(&'a mut self, tokens: &'a TokenSet) -> StoreFuture<'a, ()> {
        let text = record::write(&self.key, tokens);
        let reserved = self.reserved.take();
        Box::pin(self.work(move |path, key| {
            // What is not ours is not replaced.
            read_own(path, key)?;
            let target = token_file::target(path)?;
            let text = text.map_err(TokenError::terminal)?;
            let saved = match reserved {
                Some(reserved) => reserved.fill(&text, &mut |_| Ok(())),
                None => atomic_file::replace(&target, &text, &mut |_| Ok(())),
            };
            saved.map_err(|error| failed("write", path, error))
        }))
    }

    fn remove(&mut self) -> StoreFuture<'_, ()> {
        self.reserved = None;
        Box::pin(self.work(|path, key| {
            read_own(path, key)?;
            token_file::remove(path)
        }))
    }
}

/// Runs work on files, which may take as long as a disk does, in a thread.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, TokenError> + Send + 'static,
) -> Result<T, TokenError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|_| Err(TokenError::passing("the token store was interrupted")))
}
