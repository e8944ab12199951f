//! Nothing private leaves `verify`: canaries in all that a service sends, and in all that is sent to it.

use std::{
    fs,
    path::Path,
    process::Command,
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, SystemTime},
};

use amazon_music::{
    auth::{FileTokenStore, LoginWithAmazon, TokenKey, TokenSet, TokenStore as _},
    clock::SystemClock,
};
use serde_json::{Value, json};

use crate::{
    service::{Reply, Service, query},
    text,
    verify::{changed, differences, documented, nodes},
};

/// Texts with the word in them, in forms that tokens, ids, names, cursors and messages have.
const PRIVATE: [&str; 9] = [
    "Atza|IwEBIcanary0123456789",
    "Atzr|IwEBIcanary-refresh",
    "amzn1.application-oa2-client.canary",
    "canary4secret",
    "Canary Titel é",
    "3:canary77",
    "CANARY 1",
    "canary@example.com",
    "B0CANARY77",
];

/// A body with canaries as values, as names, and in each place of the spec.
fn spoiled(mut value: Value, depth: usize) -> Value {
    match &mut value {
        Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                *member = spoiled(std::mem::take(member), depth + 1);
                if [
                    "title",
                    "name",
                    "url",
                    "message",
                    "reference",
                    "token",
                    "cursor",
                ]
                .contains(&&**name)
                {
                    *member = PRIVATE[depth % PRIVATE.len()].into();
                }
            }
            for (number, private) in PRIVATE.iter().enumerate() {
                members.insert((*private).to_owned(), json!({*private: [*private, number]}));
            }
        }
        Value::Array(items) => {
            for item in items.iter_mut() {
                *item = spoiled(std::mem::take(item), depth + 1);
            }
        }
        _ => {}
    }
    value
}

/// The documented service, with canaries in bodies, headers, cursors, codes and messages.
fn canaries(path: &str) -> Reply {
    let asked = query(path).contains_key("cursor");
    let reply = match (asked, path.starts_with("auth/")) {
        (_, true) => Reply::error(400, "canary_grant"),
        // A cursor of ours comes back as it was sent: it is served as one that has expired.
        (true, _) => Reply::error(400, "Canary Code"),
        _ => documented(path),
    };
    let body = serde_json::from_str(&reply.body).unwrap();
    let mut body = spoiled(body, 0);
    if path == "browse/tracks/top"
        && let Some(node) = body.pointer_mut("/data/topTracks/edges/0/node")
    {
        // An identifier, and in no other node.
        node["canaryonce"] = 1.into();
    }
    let mut reply = Reply::new(reply.status, body.to_string());
    for (name, value) in [
        ("x-canary", "canary"),
        ("x-amzn-requestid", "canary-7"),
        ("retry-after", "canary"),
        ("etag", "\"canary\""),
        ("cache-control", "private, canary=1"),
        ("set-cookie", "canary=1"),
        ("location", "https://canary.example"),
        ("date", "canary"),
    ] {
        reply = reply.header(&format!("{name}: {value}"));
    }
    reply
}

/// All files of a folder, as text.
fn files(folder: &Path) -> Vec<(String, String)> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let read = entries.map(|entry| {
        let name = entry.file_name().into_string().unwrap();
        let bytes = fs::read(entry.path()).unwrap();
        (name, String::from_utf8_lossy(&bytes).into_owned())
    });
    read.collect()
}

fn assert_private(name: &str, text: &str) {
    let text = text.to_lowercase();
    for word in ["canary", "titel", "iwebi", "atza", "atzr", "127.0.0.1"] {
        assert!(!text.contains(word), "{word} in {name}:\n{text}");
    }
}

#[test]
fn no_canary_of_a_service_is_in_a_report_or_a_recording() {
    let service = Service::start(canaries);
    let folder = tempfile::tempdir().unwrap();
    let (reports, records) = (folder.path().join("out"), folder.path().join("recorded"));
    fs::create_dir(&reports).unwrap();
    let report = reports.join("report");
    for format in ["table", "json"] {
        let output = service
            .cli(&[
                "verify", "--probe", "--rate", "1000", "--output", format, "--report",
            ])
            .arg(&report)
            .args(["--record".as_ref(), records.as_os_str()])
            .env("AMAZON_MUSIC_TOKEN", PRIVATE[0])
            .env(
                "AMAZON_MUSIC_SECURITY_PROFILE_ID",
                "amzn1.application.canary",
            )
            .env(
                "AMAZON_MUSIC_TOKEN_DIR",
                folder.path().join("canary-tokens"),
            )
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(6), "{}", text(&output.stderr));
        assert_private("the screen", &text(&output.stdout));
    }
    let written = files(&reports);
    assert_eq!(written.len(), 2);
    // It did look: a report without differences would have none either.
    assert!(
        written
            .iter()
            .all(|(_, text)| text.contains("unknown-field"))
    );
    for (name, text) in written.iter().chain(&files(&records)) {
        assert_private(name, text);
    }
}

/// A token that is refused each time is refreshed twice at most, which the plan tells.
#[test]
fn a_token_that_is_refused_again_and_again_ends_the_run() {
    let asked = AtomicUsize::new(0);
    let service = Service::start(move |path| {
        if path.starts_with("/auth/") {
            return Reply::ok(&json!({
                "access_token": "Atza|new", "refresh_token": "Atzr|new", "token_type": "bearer", "expires_in": 3600,
            }));
        }
        match asked.fetch_add(1, Ordering::Relaxed) % 2 {
            0 => Reply::error(401, "INVALID_ACCESS_TOKEN"),
            _ => documented(path),
        }
    });
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), &service);
    let output = with_login(&service, folder.path())
        .args(["--output", "json"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3));
    let requests = service.requests();
    let refreshes = requests.iter().filter(|path| path.starts_with("/auth/"));
    assert_eq!(refreshes.count(), 2, "{requests:?}");
    let report: Value = serde_json::from_str(&text(&output.stdout)).unwrap();
    let differences = report["differences"].to_string();
    assert!(differences.contains("token-refused"), "{differences}");
}

/// Saves a login that has expired, with canaries in each part, and this service as its token endpoint.
fn save(folder: &Path, service: &Service) {
    let key = TokenKey::new("amzn1.application.canary", "canary-name");
    let then = SystemTime::now() - Duration::from_secs(7200);
    let mut tokens = TokenSet::new(PRIVATE[0], then);
    tokens.expires_at = Some(then + Duration::from_secs(3600));
    tokens.refresh_token = Some(PRIVATE[1].into());
    tokens.scope = "music::catalog".to_owned();
    let url = service.base_url().replace("/v1", "/auth/o2/token");
    let client = LoginWithAmazon::new(PRIVATE[2]).client_secret(PRIVATE[3]);
    tokens.client = Some(client.token_url(url));
    let saved = async {
        let store = FileTokenStore::new(folder);
        store.save(&key, &tokens, &SystemClock::new()).await
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(saved).unwrap();
}

/// `verify` with the login that is saved in this folder.
fn with_login(service: &Service, folder: &Path) -> Command {
    let mut command = service.cli(&["verify", "--user", "canary-name", "--rate", "1000"]);
    command
        .env_remove("AMAZON_MUSIC_TOKEN")
        .env_remove("AMAZON_MUSIC_SECURITY_PROFILE_ID")
        .env("AMAZON_MUSIC_TOKEN_DIR", folder);
    command
}

#[test]
fn a_login_that_cannot_be_refreshed_gives_a_report_without_it() {
    let service = Service::start(canaries);
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), &service);
    let report = folder.path().join("report.json");
    let output = with_login(&service, folder.path())
        .arg("--report")
        .arg(&report)
        .output()
        .unwrap();
    let screen = text(&output.stdout);
    assert!(
        screen.contains("ended early"),
        "{screen}{}",
        text(&output.stderr)
    );
    assert!(
        screen.contains("| credential | a saved login |"),
        "{screen}"
    );
    assert_private("the screen", &screen);
    assert_private("the report", &fs::read_to_string(&report).unwrap());
    let errors = text(&output.stderr).replace(report.to_str().unwrap(), "REPORT");
    let errors = errors.replace(report.with_extension("md").to_str().unwrap(), "REPORT");
    assert_private("the error", &errors);
    // At most two refreshes of at most three requests each, and none to the API.
    let requests = service.requests();
    assert!(
        requests.iter().all(|path| path.starts_with("/auth/")),
        "{requests:?}"
    );
    assert!((1..=6).contains(&requests.len()), "{requests:?}");
}

/// Names that are data: ids as keys, one node on two pages, and what stands as a value elsewhere.
#[test]
fn a_name_that_may_be_data_is_told_by_its_shape() {
    let keyed = changed(|body| {
        nodes(body, &|node| {
            for (name, value) in [("cpdRsfJP", "cpdRsfJP"), ("alice", "a friend of alice")] {
                node[name] = value.into();
            }
            node["friend"] = "alice".into();
            if node["id"] == "B1" {
                node["marysmithsecret"] = 1.into();
            }
        });
        body["data"]
            .as_object_mut()
            .unwrap()
            .insert("message".to_owned(), 1.into());
    });
    let (_, lines) = differences(keyed);
    for data in ["cpdRsfJP", "alice", "marysmithsecret"] {
        assert!(!lines.contains(data), "{lines}");
    }
    assert!(
        lines.contains("| TopTracksData | `message`, integer |"),
        "{lines}"
    );
    assert!(lines.contains("| Track | `friend`, string |"), "{lines}");
}

#[test]
fn many_values_of_a_set_are_told_by_their_shapes() {
    let count = AtomicUsize::new(0);
    let values = changed(move |body| {
        nodes(body, &|node| {
            let number = count.fetch_add(1, Ordering::Relaxed);
            let letter = |number: usize| char::from(b'A' + u8::try_from(number % 26).unwrap());
            let name: String = [number / 26, number].map(letter).iter().collect();
            node["visibility"] = format!("SECRET_{name}").into();
        });
    });
    let (_, lines) = differences(values);
    assert!(!lines.contains("SECRET"), "{lines}");
    assert!(lines.contains("| Visibility | a value of"), "{lines}");
}
