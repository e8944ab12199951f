//! A Redis server of a test, on a free port, with persistence on.
//!
//! The binary is `REDIS_SERVER`, or what `.ci/redis` unpacked below `target/redis`, or the one of the system.

use std::{
    io::{self, Write as _},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

/// A server that ends with the test.
pub(crate) struct Server {
    binary: PathBuf,
    child: Child,
    port: u16,
    folder: TempDir,
    settings: Vec<String>,
}

/// Starts a server; or says that the test is skipped.
pub(crate) fn start() -> Option<Server> {
    start_with(&[])
}

/// Starts a server with these settings.
pub(crate) fn start_with(settings: &[&str]) -> Option<Server> {
    let Some(binary) = find() else {
        skipped("no redis-server, run .ci/redis");
        return None;
    };
    let folder = tempfile::tempdir().unwrap();
    let port = free_port();
    let settings = settings.iter().map(|&setting| setting.to_owned()).collect();
    let child = spawn(&binary, port, folder.path(), &settings);
    let mut server = Server {
        binary,
        child,
        port,
        folder,
        settings,
    };
    if server.wait() {
        return Some(server);
    }
    let is_tls = server
        .settings
        .iter()
        .any(|setting| setting == "--tls-port");
    assert!(is_tls, "redis-server does not start");
    skipped("this redis-server was built without TLS");
    None
}

/// Says that this test is skipped, past the capture of its output.
fn skipped(why: &str) {
    let thread = thread::current();
    let name = thread.name().unwrap_or("a test on Redis");
    // In one piece: several tests are skipped at a time.
    let line = format!("SKIPPED {name}: {why}\n");
    let _ = io::stderr().write_all(line.as_bytes());
}

fn find() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("REDIS_SERVER") {
        return Some(PathBuf::from(named));
    }
    let unpacked = xtask::workspace_root().join("target/redis/7.0/redis-server");
    if unpacked.exists() {
        return Some(unpacked);
    }
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join("redis-server"))
        .find(|it| it.exists())
}

pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

fn spawn(binary: &Path, port: u16, folder: &Path, settings: &Vec<String>) -> Child {
    let mut command = Command::new(binary);
    command
        .args([
            "--port",
            &port.to_string(),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
        ])
        .args(["--appendonly", "yes", "--appendfsync", "everysec", "--dir"])
        .arg(folder)
        .args(settings)
        .stdout(Stdio::null());
    command.spawn().unwrap()
}

impl Server {
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// A connection beside those of the code under test.
    pub(crate) async fn raw(&self) -> redis::aio::MultiplexedConnection {
        let client = redis::Client::open(self.url()).unwrap();
        client.get_multiplexed_async_connection().await.unwrap()
    }

    /// Runs a command, given as it is typed.
    pub(crate) async fn ask<T: redis::FromRedisValue>(&self, command: &str) -> T {
        let mut words = command.split_whitespace();
        let mut command = redis::cmd(words.next().unwrap());
        words.for_each(|word| {
            command.arg(word);
        });
        command.query_async(&mut self.raw().await).await.unwrap()
    }

    /// Stops the process as a scheduler would: it accepts connections and says nothing.
    pub(crate) fn pause(&self) {
        signal(&self.child, "STOP");
    }

    pub(crate) fn resume(&self) {
        signal(&self.child, "CONT");
    }

    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Starts the server again, at its port and with its file.
    pub(crate) fn restart(&mut self) {
        self.child = spawn(&self.binary, self.port, self.folder.path(), &self.settings);
        assert!(self.wait(), "redis-server does not start again");
    }

    /// Waits until it serves. `false` if it ended.
    fn wait(&mut self) -> bool {
        let end = Instant::now() + Duration::from_secs(20);
        let port = self.port;
        let is_up = || -> io::Result<bool> {
            let mut stream = TcpStream::connect(("127.0.0.1", port))?;
            stream.set_read_timeout(Some(Duration::from_secs(1)))?;
            stream.write_all(b"PING\r\n")?;
            let mut reply = [0];
            io::Read::read_exact(&mut stream, &mut reply)?;
            // `+PONG`, or `-NOAUTH`: it has read its file. `-LOADING` begins with an L later.
            let mut rest = [0; 3];
            io::Read::read_exact(&mut stream, &mut rest)?;
            Ok(&rest != b"LOA")
        };
        while !is_up().unwrap_or(false) {
            if self.child.try_wait().unwrap().is_some() {
                return false;
            }
            assert!(Instant::now() < end, "redis-server does not serve");
            thread::sleep(Duration::from_millis(5));
        }
        true
    }
}

/// Sends a signal to a process.
pub(crate) fn signal(child: &Child, name: &str) {
    let id = child.id().to_string();
    let sent = Command::new("kill")
        .args([&format!("-{name}"), &id])
        .status();
    assert!(sent.unwrap().success());
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
