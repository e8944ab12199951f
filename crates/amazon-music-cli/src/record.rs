//! `--record`: each exchange as a file, without what is private.
//!
//! Logins are never recorded: their requests do not pass here.

mod body;
mod folder;
mod har;
mod pseudonym;
mod redaction;
mod words;

use std::{
    fmt,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Instant, SystemTime},
};

use amazon_music::{Builder, browse};

use self::{
    folder::Folder,
    har::{Exchange, Response},
    redaction::Redaction,
};
use crate::{arguments::Record, failure::Failure, notice::notice};

/// Records into the folder of the flag, after what is there.
pub(crate) fn recorded(music: Builder, flags: &Record) -> Result<Builder, Failure> {
    match &flags.folder {
        Some(folder) => Ok(music.recorder(recorder(folder, flags.is_raw)?)),
        None => Ok(music),
    }
}

fn recorder(path: &Path, is_raw: bool) -> Result<Arc<dyn browse::Recorder>, Failure> {
    let (folder, key) = Folder::open(path, is_raw)?;
    let next = AtomicU32::new(folder.next()?);
    let redaction = key.map(Redaction::new);
    Ok(Arc::new(Recorder {
        to: Arc::new(To { folder, redaction }),
        next,
    }))
}

struct Recorder {
    to: Arc<To>,
    next: AtomicU32,
}

/// The folder, and what is done to each exchange before it gets there.
struct To {
    folder: Folder,
    redaction: Option<Redaction>,
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder").finish_non_exhaustive()
    }
}

impl browse::Recorder for Recorder {
    fn begin(&self, sent: browse::Sent<'_>) -> Box<dyn browse::Recording> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let operation = sent.operation.unwrap_or("raw");
        Box::new(Recording {
            to: self.to.clone(),
            name: format!("{number:06}-{operation}.har"),
            since: Instant::now(),
            exchange: Exchange {
                started: SystemTime::now(),
                target: har::target(&sent, self.to.redaction.as_ref()),
                headers: sent.headers.iter().map(ToString::to_string).collect(),
                ..Exchange::default()
            },
        })
    }
}

/// An exchange; written when it ends, and when it is interrupted.
struct Recording {
    to: Arc<To>,
    name: String,
    since: Instant,
    exchange: Exchange,
}

impl browse::Recording for Recording {
    fn end(mut self: Box<Self>, received: Option<browse::Received<'_>>) {
        let redaction = self.to.redaction.as_ref();
        self.exchange.response = received.map(|received| Response {
            status: received.status,
            headers: har::headers(received.headers, redaction.is_some()),
            body: match redaction {
                Some(redaction) => redaction.body(received.body),
                None => received.body.to_vec(),
            },
            is_cut: received.is_cut,
        });
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        self.exchange.took = self.since.elapsed();
        if let Err(error) = self.to.folder.write(&self.name, &self.exchange.text()) {
            notice!("warning: --record: cannot write {}: {error}", self.name);
        }
    }
}
