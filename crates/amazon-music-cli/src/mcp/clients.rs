//! The client that the tools share.

use amazon_music::AmazonMusic;
use amazon_music_sandbox::Running;
use tokio::sync::Mutex;

use crate::{
    arguments::Requests,
    client::{self, start_sandbox},
    failure::Failure,
    pace::RunPace,
    signals::Signals,
};

/// Makes the client when it is first needed, so that a login can come after the start.
pub(super) struct Clients {
    user: Option<String>,
    requests: Requests,
    sandbox: Option<Running>,
    current: Mutex<Option<Client>>,
}

/// A client, and its pace if that is kept.
struct Client {
    music: AmazonMusic,
    pace: Option<RunPace>,
}

impl Client {
    fn keep_pace(&self) {
        if let Some(pace) = &self.pace {
            pace.keep();
        }
    }
}

impl Clients {
    /// Starts the sandbox if that is wanted.
    pub(super) async fn new(
        user: Option<&str>,
        is_sandbox: bool,
        requests: &Requests,
    ) -> Result<Self, Failure> {
        let sandbox = if is_sandbox {
            Some(start_sandbox().await?)
        } else {
            None
        };
        Ok(Self {
            user: user.map(str::to_owned),
            requests: requests.clone(),
            sandbox,
            current: Mutex::default(),
        })
    }

    /// The client, with the credentials that there are.
    pub(super) async fn get(&self) -> Result<AmazonMusic, Failure> {
        let mut current = self.current.lock().await;
        if let Some(client) = &*current {
            return Ok(client.music.clone());
        }
        let (user, requests) = (self.user.as_deref(), &self.requests);
        let client = match &self.sandbox {
            Some(sandbox) => Client {
                music: client::of_sandbox(sandbox, user, requests).await?,
                pace: None,
            },
            None => {
                let (music, pace) = client::of_service(user, requests).await?;
                Client {
                    music,
                    pace: Some(pace),
                }
            }
        };
        Ok(current.insert(client).music.clone())
    }

    /// Drops the client, whose login has ended: the next one uses a new login.
    pub(super) async fn forget(&self) {
        if let Some(client) = self.current.lock().await.take() {
            client.keep_pace();
        }
    }

    /// Waits for a refresh that is under way, and keeps the pace.
    pub(super) async fn end(&self, signals: &Signals) {
        if let Some(client) = self.current.lock().await.take() {
            signals.settle(&client.music).await;
            client.keep_pace();
        }
    }
}
