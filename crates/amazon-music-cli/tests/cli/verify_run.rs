//! How `verify` runs: its plan, reports, recordings and ends.

use std::{
    fs,
    process::{Output, Stdio},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use amazon_music_sandbox::{Dialect, Fault, Faults, Sandbox};
use insta::assert_snapshot;
use serde_json::Value;

use crate::{
    further,
    record::Server,
    run,
    service::{Reply, Service, query},
    text,
    verify::{agrees, changed, differences, documented, lines, nodes, report},
};

#[test]
fn a_plan_sends_nothing_and_needs_no_login() {
    let service = Service::start(|_| panic!("a request was sent"));
    let output = service
        .cli(&["verify", "--plan", "--probe"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0));
    let is_known = |line: &&str| {
        let path = line.split(' ').find_map(|word| word.strip_prefix('/'));
        path.is_some_and(|path| !further::is_path(path))
    };
    let plan = text(&output.stdout);
    let calls: Vec<&str> = plan.lines().filter(is_known).collect();
    assert_snapshot!(calls.join("\n"), @"
    GET /browse/tracks/top  first page, limit=2
    GET /browse/tracks/top  first page without a limit
    GET /browse/tracks/top  the page behind its cursor, limit=2
    GET /browse/playlists/top  first page, limit=2
    GET /browse/playlists/top  first page without a limit
    GET /browse/playlists/top  the page behind its cursor, limit=2
    GET /browse/podcasts/episodes/new  first page, limit=2
    GET /browse/podcasts/episodes/new  first page without a limit
    GET /browse/podcasts/episodes/new  the page behind its cursor, limit=2
    GET /browse/categories  first page, limit=2
    GET /browse/categories  first page without a limit
    GET /browse/categories  the page behind its cursor, limit=2
    GET /browse/categories/{id}  the entity
    GET /browse/categories/{id}/albums  first page, limit=2
    GET /browse/categories/{id}/albums  first page without a limit
    GET /browse/categories/{id}/albums  the page behind its cursor, limit=2
    GET /browse/categories/{id}/playlists  first page, limit=2
    GET /browse/categories/{id}/playlists  first page without a limit
    GET /browse/categories/{id}/playlists  the page behind its cursor, limit=2
    GET /browse/categories/{id}/tracks  first page, limit=2
    GET /browse/categories/{id}/tracks  first page without a limit
    GET /browse/categories/{id}/tracks  the page behind its cursor, limit=2
    GET /browse/tracks/top  to be refused: limit=0
    GET /browse/tracks/top  to be refused: a limit above the maximum
    GET /browse/playlists/top  to be refused: limit=0
    GET /browse/playlists/top  to be refused: a limit above the maximum
    GET /browse/tracks/top  to be refused: a made-up cursor
    GET /browse/categories/{id}  to be refused: an unknown id
    GET /browse/tracks/top  to be refused: no x-api-key
    GET /browse/tracks/top  to be refused: no access token
    ");
    assert_eq!(service.all_requests(), 0);
    let whom = |output: &Output| {
        let first = text(&output.stdout);
        let first = first.lines().next().unwrap();
        first.rsplit(", ").next().unwrap().to_owned()
    };
    assert_snapshot!(whom(&output), @"4 a second; as: an access token of the environment");
    assert_snapshot!(whom(&run(&["verify", "--plan"])), @"4 a second; as: none yet: run `amazon-music login`");
}

/// The exit code and the first line of an error.
fn first_line(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert_eq!(text(&output.stdout), "");
    let errors = text(&output.stderr);
    let is_hint = |line: &&str| line.starts_with("sandbox: ");
    let line = errors.lines().find(|line| !is_hint(line)).unwrap();
    format!("{}: {line}", output.status.code().unwrap())
}

#[test]
fn flags_without_effect_and_files_that_cannot_be_read_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("old.json");
    fs::write(&file, "{}").unwrap();
    let file = file.to_str().unwrap();
    let mistakes = [
        first_line(&["--sandbox", "verify", "--retries", "3"]),
        first_line(&["--sandbox", "verify", "--fields", "id"]),
        first_line(&["--sandbox", "verify", "--earlier", "x"]),
        first_line(&["--sandbox", "verify", "--plan", "--report", "x"]),
        first_line(&["--sandbox", "verify", "--against", file]),
        first_line(&["--sandbox", "verify", "--against", "/nowhere"]),
        first_line(&[
            "--sandbox",
            "verify",
            "--probe",
            "--earlier",
            folder.path().to_str().unwrap(),
        ]),
    ];
    let mistakes = mistakes
        .join("\n")
        .replace(folder.path().to_str().unwrap(), "FOLDER");
    assert_snapshot!(mistakes, @"
    2: error: the argument '--retries' has no effect on 'verify': leave it out
    2: error: the argument '--fields' has no effect on 'verify': leave it out
    2: error: the following required arguments were not provided:
    2: error: the argument '--plan' cannot be used with '--report <FILE>'
    2: error: --against: FOLDER/old.json is no report of `amazon-music verify` in JSON: missing field `differences` at line 1 column 2
    1: error: --against: cannot read /nowhere: No such file or directory (os error 2)
    2: error: --earlier: FOLDER has no page of `top tracks` with a cursor behind it
    ");
}

#[test]
fn a_call_is_repeated_after_a_429_and_nothing_is_sent_in_a_long_pause() {
    let count = AtomicUsize::new(0);
    let once = move |path: &str| match count.fetch_add(1, Ordering::Relaxed) {
        0 => Reply::error(429, "THROTTLED").header("retry-after: 0"),
        _ => documented(path),
    };
    let (code, lines) = differences(once);
    assert_eq!(code, 6);
    assert_snapshot!(lines, @"rate-limited | tracks~1top/get | 429 at the rate of this run | 1 of 1");
    let service = Service::start(|_| Reply::error(429, "THROTTLED").header("retry-after: 3600"));
    let arguments = ["verify", "--rate", "1000", "--timeout", "5"];
    let output = service.cli(&arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(4), "{}", text(&output.stderr));
    let screen = text(&output.stdout);
    assert_snapshot!(screen.split("\n\n").next().unwrap(), @"
    as an access token of the environment; base URL: another than the documented one; encryption: none; proxy: none
    calls: 1; requests: 1, at most 81
    ended early: the service allows no more requests for now; what follows is a part
    agrees in 0 checks
    differs in 2
    ");
    assert_eq!(service.all_requests(), 1);
}

/// Each response counts, those of repeated requests too.
#[test]
fn a_limit_is_counted_with_its_advice() {
    let count = AtomicUsize::new(0);
    let service = Service::start(move |path| match count.fetch_add(1, Ordering::Relaxed) {
        0 => Reply::error(429, "THROTTLED").header("retry-after: 1"),
        _ => documented(path),
    });
    let arguments = ["verify", "--rate", "1000", "--output", "json"];
    let report = report(&service.cli(&arguments).output().unwrap());
    let questions = report["questions"].as_array().unwrap();
    let rate = questions.iter().find(|it| it["id"] == "rate").unwrap();
    let answer = "responses of 429: 1; Retry-After 1 times: 1";
    assert_eq!(rate["answer"], answer);
    let status = &report["statuses"][0];
    assert_eq!(
        (&status["status"], &status["times"]),
        (&429.into(), &1.into())
    );
}

#[test]
fn a_file_that_cannot_be_written_is_told_before_anything_is_sent() {
    let service = Service::start(|_| panic!("a request was sent"));
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("taken.md")).unwrap();
    for (name, reason) in [
        ("nowhere/report", "does not exist"),
        ("taken.json", "name of a folder"),
    ] {
        let file = folder.path().join(name);
        let arguments = ["verify", "--report", file.to_str().unwrap()];
        let output = service.cli(&arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(
            text(&output.stderr).contains(reason),
            "{}",
            text(&output.stderr)
        );
    }
    let file = folder.path().join("run.1");
    service.change(documented);
    let arguments = [
        "verify",
        "--rate",
        "1000",
        "--report",
        file.to_str().unwrap(),
    ];
    let output = service.cli(&arguments).output().unwrap();
    assert!(agrees(output.status.code()), "{}", text(&output.stderr));
    assert!(folder.path().join("run.1.json").exists() && folder.path().join("run.1.md").exists());
}

#[test]
fn what_should_be_refused_and_is_served_is_told() {
    let service = Service::start(|path| match query(path).get("limit") {
        Some(&("0" | "21" | "101")) => documented(path.split_once('?').unwrap().0),
        _ if path.contains("made-up-by") && path.contains("cursor") => {
            Reply::new(418, "short and stout".to_owned())
        }
        _ => documented(path),
    });
    let arguments = ["verify", "--probe", "--rate", "1000", "--output", "json"];
    let output = service.cli(&arguments).output().unwrap();
    assert_snapshot!(lines(&report(&output)), @"
    accepted | categories~1{id}/get | an unknown id: served | 1 of 1
    accepted | playlists~1top/get | a limit above the maximum: served, with 3 items | 1 of 1
    accepted | playlists~1top/get | limit=0: served, with 3 items | 1 of 1
    accepted | tracks~1top/get | a limit above the maximum: served, with 3 items | 1 of 1
    accepted | tracks~1top/get | limit=0: served, with 3 items | 1 of 1
    accepted | tracks~1top/get | no access token: served, with 2 items | 1 of 1
    accepted | tracks~1top/get | no x-api-key: served, with 2 items | 1 of 1
    refused-otherwise | tracks~1top/get | a made-up cursor: 418 with plain text | 1 of 1
    ");
}

/// What was learned before a signal is told.
#[cfg(unix)]
#[test]
fn a_run_that_is_interrupted_reports_what_came_before() {
    let (asked, when) = std::sync::mpsc::channel();
    let (_keep, never) = std::sync::mpsc::channel::<()>();
    let (asked, never) = (Mutex::new(asked), Mutex::new(never));
    let service = Service::start(move |path| {
        if path.starts_with("browse/podcasts") {
            asked.lock().unwrap().send(()).unwrap();
            // Until the end of the test.
            let _ = never.lock().unwrap().recv();
        }
        documented(path)
    });
    let mut command = service.cli(&["verify", "--rate", "1000", "--output", "json"]);
    let child = command.stdout(Stdio::piped()).spawn().unwrap();
    when.recv().unwrap();
    crate::stop::send(&child, "-INT");
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    let report = report(&output);
    assert_eq!(report["endedEarly"], "stopped by a signal");
    let calls = report["calls"].as_array().unwrap();
    let is_whole = |call: &Value| call["status"] == 200;
    assert!(calls.len() >= 3 && calls.iter().all(is_whole), "{report}");
    assert_eq!(lines(&report), "");
}

/// A recording of a run serves the same run again.
#[test]
fn a_recorded_run_replays_with_the_same_findings() {
    let folder = tempfile::tempdir().unwrap();
    let tokens = folder.path().join("tokens");
    for flags in [&[][..], &["--record-raw"]] {
        let recorded = folder.path().join(format!("recorded-{}", flags.len()));
        let verify = |server: &Server, flags: &[&str]| {
            let arguments = ["verify", "--rate", "1000", "--output", "json"];
            let arguments = [&arguments, flags].concat();
            report(&server.bare(&arguments, &tokens).output().unwrap())
        };
        let faults = [
            None,
            None,
            None,
            Some(Fault::BadGateway),
            None,
            Some(Fault::CutBody),
        ];
        let sandbox = Sandbox::new().dialect(Dialect::FlatTables);
        let server = Server::start(sandbox.faults(Faults::in_order(faults)));
        let record = [&["--record", recorded.to_str().unwrap()], flags].concat();
        let before = verify(&server, &record);
        server.stop();
        let server = Server::replay(&recorded);
        let after = verify(&server, &[]);
        server.stop();
        assert_eq!(lines(&before), lines(&after));
        assert!(lines(&before).contains("envelope"), "{before}");
        let told = |report: &Value| {
            let calls = report["calls"].as_array().unwrap().iter();
            let told = calls.map(|call| (call["status"].clone(), call["items"].clone()));
            told.collect::<Vec<_>>()
        };
        assert_eq!(told(&before), told(&after));
        assert_eq!(before["questions"], after["questions"]);
    }
}

/// A cursor of a recording is sent again.
#[test]
fn a_cursor_of_an_earlier_recording_is_tried() {
    let folder = tempfile::tempdir().unwrap();
    let earlier = folder.path().to_str().unwrap();
    let service = Service::start(documented);
    let verify = |arguments: &[&str]| {
        let arguments = [&["verify", "--rate", "1000", "--output", "json"], arguments].concat();
        service.cli(&arguments).output().unwrap()
    };
    verify(&["--record", earlier, "--record-raw"]);
    service.requests();
    let output = verify(&["--probe", "--earlier", earlier]);
    let old = "browse/tracks/top?limit=2&cursor=3%3Aabc".to_owned();
    let sent = service.requests();
    assert_eq!(
        sent.iter().filter(|path| **path == old).count(),
        2,
        "{sent:?}"
    );
    let report = report(&output);
    let answer = report["questions"].as_array().unwrap().iter();
    let mut answer = answer.filter(|it| it["id"] == "old-cursor");
    let answer = answer.next().unwrap();
    assert_eq!(
        answer["answer"],
        "served, with 1 items, after less than 1 hours"
    );
}

/// A report is shown as it is written, and an earlier one is compared with.
#[test]
fn a_report_is_shown_before_it_is_written_and_compared_later() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.json");
    let file = file.to_str().unwrap();
    let service = Service::start(documented);
    let verify = |arguments: &[&str]| {
        let arguments = [&["verify", "--rate", "1000"], arguments].concat();
        service.cli(&arguments).output().unwrap()
    };
    let output = verify(&["--report", file]);
    assert!(agrees(output.status.code()), "{}", text(&output.stderr));
    let markdown = fs::read_to_string(folder.path().join("report.md")).unwrap();
    assert_eq!(text(&output.stdout).trim_end(), markdown.trim_end());
    assert!(text(&output.stderr).contains("A beta agreement may forbid sharing"));
    assert_eq!(verify(&["--against", file]).status.code(), Some(0));
    service.change(changed(|body| nodes(body, &|node| node["mood"] = 1.into())));
    let output = verify(&["--against", file]);
    assert_eq!(output.status.code(), Some(6));
    assert_snapshot!(text(&output.stderr), @"
    verify: up to 27 calls, 1000 a second
    + unknown-field  #/components/schemas/Album  `mood`, integer
    + unknown-field  #/components/schemas/Category  `mood`, integer
    + unknown-field  #/components/schemas/CategoryWithAlbums  `mood`, integer
    + unknown-field  #/components/schemas/CategoryWithPlaylists  `mood`, integer
    + unknown-field  #/components/schemas/CategoryWithTracks  `mood`, integer
    + unknown-field  #/components/schemas/Playlist  `mood`, integer
    + unknown-field  #/components/schemas/PodcastEpisode  `mood`, integer
    + unknown-field  #/components/schemas/Track  `mood`, integer
    ~ fields: none -> 8 names, see the differences
    error: the service differs from the earlier report in 9 point(s)
    ");
    let output = verify(&["--report", file, "--against", file]);
    assert_eq!(output.status.code(), Some(6));
    // What differs from the spec, and no more than before, is no change.
    assert_eq!(verify(&["--against", file]).status.code(), Some(0));
}
