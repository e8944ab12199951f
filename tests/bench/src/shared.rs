//! Tokens and a pace that many machines share over Redis: their cost, and one limit for eight processes.

use std::{
    net::{TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant, SystemTime},
};

use amazon_music::{
    AmazonMusic,
    auth::{FileTokenStore, MemoryTokenStore, TokenKey, TokenSet, TokenStore},
    clock::{Clock, SystemClock},
    pace::{Outcome, Pace, PaceFuture, Pacer, Request, Status, Turn},
};
use amazon_music_redis::{EncryptionKey, Redis, RedisPace, RedisTokenStore};
use futures_util::{StreamExt as _, stream};

use crate::{limited::proxy::Proxy, roles, table::Table};

/// Rate and burst of the limiters.
const LIMITS: [(f64, f64); 2] = [(20.0, 1.0), (50.0, 10.0)];

const PROCESSES: usize = 8;
const CONCURRENCY: usize = 8;

/// How long a limiter is kept busy, if nothing is lost.
const IDEAL: f64 = 30.0;

/// A Redis that ends with this value.
struct Server {
    child: Child,
    url: String,
    _folder: tempfile::TempDir,
}

impl Server {
    fn start() -> Option<Self> {
        let named = std::env::var_os("REDIS_SERVER").map(PathBuf::from);
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
        let binary = named.unwrap_or_else(|| root.join("target/redis/7.0/redis-server"));
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let folder = tempfile::tempdir().unwrap();
        let child = Command::new(binary)
            .args([
                "--port",
                &port.to_string(),
                "--save",
                "",
                "--appendonly",
                "yes",
                "--dir",
            ])
            .arg(folder.path())
            .stdout(Stdio::null())
            .spawn()
            .ok()?;
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            std::thread::sleep(Duration::from_millis(5));
        }
        let url = format!("redis://127.0.0.1:{port}");
        Some(Self {
            child,
            url,
            _folder: folder,
        })
    }

    fn redis(&self) -> Redis {
        Redis::builder(&self.url).build().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Prints the tables.
pub(crate) fn print() {
    let title = "Redis: what many machines share";
    let Some(server) = Server::start() else {
        return roles::not_measured(title, "No redis-server: run `.ci/redis`.");
    };
    roles::block_on(stores(&server));
    roles::block_on(paces(&server));
    limits(&server);
}

/// The time of one run, the shortest of five medians' worth.
async fn time(rounds: u32, work: impl AsyncFn()) -> f64 {
    work().await;
    let mut best = f64::MAX;
    for _ in 0..5 {
        let start = Instant::now();
        for _ in 0..rounds {
            work().await;
        }
        best = best.min(start.elapsed().as_secs_f64() / f64::from(rounds));
    }
    best
}

async fn stores(server: &Server) {
    let folder = tempfile::tempdir().unwrap();
    let store = RedisTokenStore::new(server.redis());
    let encrypting = store.clone().encryption_keys([EncryptionKey::new([7; 32])]);
    let files = FileTokenStore::new(folder.path());
    let stores: [(&str, Arc<dyn TokenStore>); 4] = [
        ("files", Arc::new(files)),
        ("memory", Arc::new(MemoryTokenStore::new())),
        ("Redis", Arc::new(store)),
        ("Redis, encrypted", Arc::new(encrypting)),
    ];
    let table = Table::new(
        "Redis: the token store beside that of files",
        "Wall time on loopback as a ratio to the store of files. A call whose token is in memory asks no store.",
        &[
            "store",
            "a look",
            "a refresh: lock, load, reserve, save, release",
        ],
    );
    let mut files = None;
    for (name, store) in stores {
        let (key, clock) = (TokenKey::new("profile", name), SystemClock::new());
        let mut tokens = TokenSet::new("A".repeat(400), SystemTime::now());
        tokens.refresh_token = Some("R".repeat(400).into());
        store.save(&key, &tokens, &clock).await.unwrap();
        let look = time(200, async || drop(store.load(&key).await.unwrap())).await;
        let refresh = time(100, async || {
            let mut locked = store.lock(&key, &clock).await.unwrap();
            locked.load().await.unwrap();
            locked.reserve().await.unwrap();
            locked.save(&tokens).await.unwrap();
        });
        let refresh = refresh.await;
        let (file_look, file_refresh) = *files.get_or_insert((look, refresh));
        table.row(&[
            name.to_owned(),
            format!("{:.2}", look / file_look),
            format!("{:.2}", refresh / file_refresh),
        ]);
    }
}

async fn paces(server: &Server) {
    let free = RedisPace::new(server.redis(), "free");
    let set = RedisPace::new(server.redis(), "set").requests_per_second(1e6);
    let paces: [(&str, Arc<dyn Pace>); 4] = [
        ("of one process, free", Arc::new(Pacer::new())),
        (
            "of one process, with a limit",
            Arc::new(Pacer::new().requests_per_second(1e6)),
        ),
        ("on Redis, free", Arc::new(free)),
        ("on Redis, with a limit", Arc::new(set)),
    ];
    let table = Table::new(
        "Redis: a call with a shared pace beside one without",
        "Wall time of calls one after another on loopback, as a ratio to those with the pace of one process. The limits are \
         beyond what is sent.",
        &["pace", "ratio"],
    );
    let served = roles::Server::start();
    let mut without = None;
    for (name, pace) in paces {
        let music = AmazonMusic::builder()
            .base_url(served.url(2, 0, 1))
            .security_profile_id(crate::peers::PROFILE)
            .token(crate::server::FRESH)
            .pace(pace)
            .build()
            .unwrap();
        let call = time(300, async || drop(music.top_tracks().send().await.unwrap())).await;
        let ratio = call / *without.get_or_insert(call);
        table.row(&[name.to_owned(), format!("{ratio:.2}")]);
    }
}

/// Counts refused requests: of the first wave, and of those that had a turn.
#[derive(Debug)]
struct Counted(RedisPace, [AtomicUsize; 2]);

impl Pace for Counted {
    fn admit_now(&self, clock: &dyn Clock) -> Option<Turn> {
        self.0.admit_now(clock)
    }

    fn admit<'a>(&'a self, request: Request<'a>) -> PaceFuture<'a> {
        self.0.admit(request)
    }

    fn report(&self, clock: &dyn Clock, turn: Turn, outcome: Outcome) {
        if outcome != Outcome::Admitted {
            self.1[usize::from(turn.mark() > 0)].fetch_add(1, Ordering::Relaxed);
        }
        self.0.report(clock, turn, outcome);
    }

    fn status(&self, clock: &dyn Clock) -> Status {
        self.0.status(clock)
    }
}

/// One of the processes. Prints the refused requests, then when each call was served, in milliseconds.
pub(crate) async fn run(redis: &str, url: &str, profile: &str, token: &str, calls: usize) {
    let redis = Redis::builder(redis).build().unwrap();
    // A limit of its own for each run.
    let pace = Arc::new(Counted(RedisPace::new(redis, url), Default::default()));
    let music = AmazonMusic::builder()
        .base_url(url)
        .security_profile_id(profile)
        .token(token)
        .pace(pace.clone())
        .overall_timeout(Duration::from_secs(600))
        .build()
        .unwrap();
    let served = Mutex::new(Vec::new());
    let calls = stream::iter(0..calls).map(async |_| {
        music.top_tracks().limit(1).send().await.unwrap();
        let now = SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap();
        served.lock().unwrap().push(now.as_millis());
    });
    calls
        .buffer_unordered(CONCURRENCY)
        .for_each(async |()| {})
        .await;
    let [free, with_turn] = pace.1.each_ref().map(|count| count.load(Ordering::Relaxed));
    let served: Vec<_> = served
        .into_inner()
        .unwrap()
        .iter()
        .map(u128::to_string)
        .collect();
    println!("{free} {with_turn} {}", served.join(" "));
}

fn limits(server: &Server) {
    let table = Table::new(
        "Redis: one limit that eight processes find out",
        "On the system clock, 8 processes with 8 calls at a time, without `Retry-After`. The wall time as a ratio to the \
         ideal, (calls - burst) / rate; refused requests that had a turn, of all; the fewest calls of a process when the first \
         was done, as a share of an eighth.",
        &[
            "limit",
            "calls",
            "ratio",
            "refused in the first wave",
            "refused later",
            "least share",
        ],
    );
    for (rate, burst) in LIMITS {
        let proxy = Proxy::start(rate, burst);
        let calls = (rate * IDEAL) as usize / PROCESSES;
        let start = Instant::now();
        let processes: Vec<_> = (0..PROCESSES)
            .map(|_| {
                let calls = calls.to_string();
                roles::again(&[
                    "shared",
                    &server.url,
                    &proxy.url,
                    &proxy.profile,
                    &proxy.token,
                    &calls,
                ])
                .stdout(Stdio::piped())
                .spawn()
                .unwrap()
            })
            .collect();
        let reports: Vec<Vec<u128>> = processes
            .into_iter()
            .map(|process| {
                let output = process.wait_with_output().unwrap();
                let text = String::from_utf8(output.stdout).unwrap();
                text.split_whitespace()
                    .map(|number| number.parse().unwrap())
                    .collect()
            })
            .collect();
        let wall = start.elapsed().as_secs_f64();
        let sum = |at: usize| reports.iter().map(|report| report[at]).sum::<u128>();
        let first_done = reports
            .iter()
            .filter_map(|report| report.last())
            .min()
            .unwrap();
        let done = |report: &Vec<u128>| report[2..].iter().filter(|at| *at <= first_done).count();
        let counts: Vec<_> = reports.iter().map(done).collect();
        let all: usize = counts.iter().sum();
        let least = *counts.iter().min().unwrap() as f64 / (all as f64 / PROCESSES as f64);
        let (free, with_turn, total) = (sum(0), sum(1), calls * PROCESSES);
        let ideal = (total as f64 - burst) / rate;
        table.row(&[
            format!("{rate} a second, burst {burst}"),
            total.to_string(),
            format!("{:.3}", wall / ideal),
            free.to_string(),
            format!(
                "{:.1} %",
                100.0 * with_turn as f64 / (total as f64 + with_turn as f64)
            ),
            format!("{least:.2}"),
        ]);
    }
}
