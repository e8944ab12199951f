//! The processes of a test: this binary, run again with a task in its environment.

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    process::{Child, ChildStdout, Command, Stdio},
    sync::LazyLock,
};

use amazon_music::{AmazonMusic, auth::Stored};
use futures_util::{StreamExt as _, stream};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{MS, client, key, paces, store};

const TASK: &str = "REDIS_TEST_TASK";

/// The one authority that children trust, and an empty folder.
static AUTHORITY: LazyLock<TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    fs::write(folder.path().join("ca.pem"), made.cert.pem()).unwrap();
    fs::create_dir(folder.path().join("none")).unwrap();
    folder
});

/// A process that works on a task.
pub(crate) struct Process {
    pub(crate) child: Child,
    lines: std::io::Lines<BufReader<ChildStdout>>,
}

/// Starts a process with this task.
pub(crate) fn spawn(task: &Value) -> Process {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "child::works_on_a_task",
            "--nocapture",
            "--test-threads=1",
        ])
        .env(TASK, task.to_string())
        // A client for a loopback address reads all authorities, and there is one for each refresh.
        .env("SSL_CERT_FILE", AUTHORITY.path().join("ca.pem"))
        .env("SSL_CERT_DIR", AUTHORITY.path().join("none"))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    Process { child, lines }
}

impl Process {
    /// Waits for a report. Nothing if the process ended without another.
    pub(crate) fn report(&mut self) -> Option<Value> {
        self.lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| Some(serde_json::from_str(line.strip_prefix("REPORT ")?).unwrap()))
    }

    /// Waits for a report in a thread.
    pub(crate) async fn reported(mut self) -> (Self, Option<Value>) {
        let waiting = tokio::task::spawn_blocking(move || {
            let report = self.report();
            (self, report)
        });
        waiting.await.unwrap()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts processes with these tasks, and waits for their last reports.
pub(crate) async fn all(tasks: Vec<Value>) -> Vec<Value> {
    let processes: Vec<_> = tasks.iter().map(spawn).collect();
    let reports = processes.into_iter().map(Process::reported);
    let reports = futures_util::future::join_all(reports).await;
    reports
        .into_iter()
        .map(|(_, report)| report.expect("a process failed"))
        .collect()
}

pub(crate) fn report(report: &Value) {
    // On a line of its own, whatever the harness has printed.
    let mut out = std::io::stdout();
    writeln!(out, "\nREPORT {report}").unwrap();
    out.flush().unwrap();
}

/// Runs the task of its environment; passes when run without.
#[tokio::test]
async fn works_on_a_task() {
    let Ok(task) = std::env::var(TASK) else {
        return;
    };
    let task: Value = serde_json::from_str(&task).unwrap();
    let text = |name: &str| task[name].as_str().unwrap_or_default().to_owned();
    let number = |name: &str| usize::try_from(task[name].as_u64().unwrap_or_default()).unwrap();
    let mut store = store(&text("redis"));
    if number("lock_expiry") > 0 {
        store = store.lock_expiry(MS(number("lock_expiry") as u64));
    }
    let base_url = text("base_url");
    match task["kind"].as_str().unwrap() {
        "calls" => {
            let music = client(&base_url, &store, "anna");
            let outcomes = stream::iter(0..number("calls")).map(|_| one(music.clone()));
            report(&outcome_of(outcomes.buffer_unordered(16).collect().await));
        }
        "users" => {
            let first = client(&base_url, &store, "user-0");
            // Another order in each process.
            let users = number("users");
            let order = (0..users).map(|at| (at * 7 + number("offset")) % users);
            let outcomes = stream::iter(order).map(|user| {
                one(first.for_user(Stored::new(store.clone(), key(&format!("user-{user}")))))
            });
            report(&outcome_of(outcomes.buffer_unordered(32).collect().await));
        }
        "endless" => {
            let music = client(&base_url, &store, &text("user"));
            report(&json!(one(music.clone()).await));
            loop {
                // Ended by a signal. Errors are those of a login that another has lost.
                let _ = one(music.clone()).await;
                tokio::task::yield_now().await;
            }
        }
        "paced" => report(&paces::work(&task).await),
        kind => panic!("no task {kind}"),
    }
}

async fn one(music: AmazonMusic) -> Result<(), String> {
    let sent = music.top_tracks().limit(1).send().await;
    sent.map(drop).map_err(|error| error.to_string())
}

fn outcome_of(outcomes: Vec<Result<(), String>>) -> Value {
    let served = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    let errors: Vec<_> = outcomes.into_iter().filter_map(Result::err).collect();
    json!({ "served": served, "errors": errors })
}
