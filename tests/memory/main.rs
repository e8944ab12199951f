//! A long list costs no more memory than a short one.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
};

use amazon_music::AmazonMusic;
use peak_alloc::PeakAlloc;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

const PAGE: usize = 100;

/// An endless list whose pages differ in their token only.
fn endless() -> String {
    let edges: Vec<String> = (0..PAGE)
        .map(|item| format!(r#"{{"node":{{"id":"B0{item:08}","title":"Title {item}"}}}}"#))
        .collect();
    let edges = edges.join(",");
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        while let Ok((mut stream, _)) = listener.accept() {
            let (mut request, mut response, mut page) = ([0; 4096], Vec::new(), 0_u64);
            while stream.read(&mut request).is_ok_and(|length| length > 0) {
                page += 1;
                let info =
                    format!(r#"{{"hasNextPage":true,"token":"c881b6f5-d1c3-4a78-{page:016}"}}"#);
                let length = 56 + info.len() + edges.len();
                response.clear();
                write!(
                    response,
                    "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n"
                )
                .unwrap();
                let body = response.len();
                write!(
                    response,
                    r#"{{"data":{{"newPodcastEpisodes":{{"pageInfo":{info},"edges":[{edges}]}}}}}}"#
                )
                .unwrap();
                assert_eq!(response.len() - body, length);
                if stream.write_all(&response).is_err() {
                    break;
                }
            }
        }
    });
    url
}

/// Peak resident memory in bytes, if the system reports it.
fn peak_resident() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: usize = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}

/// Peak of allocated memory while this many items are streamed, in bytes.
async fn peak_of(music: &AmazonMusic, count: usize) -> usize {
    ALLOCATOR.reset_peak_usage();
    let mut items = music.new_podcast_episodes().items();
    for _ in 0..count {
        items.next_item().await.unwrap().unwrap();
    }
    ALLOCATOR.peak_usage()
}

#[tokio::test]
async fn a_million_items_take_no_more_memory_than_ten_thousand() {
    let music = AmazonMusic::builder()
        .base_url(endless())
        .security_profile_id("p")
        .token("t")
        .build()
        .unwrap();
    peak_of(&music, 10_000).await;
    let short = peak_of(&music, 10_000).await;
    let resident = peak_resident();
    let long = peak_of(&music, 1_000_000).await;
    if let (Some(before), Some(after)) = (resident, peak_resident()) {
        let more = after - before;
        assert!(more < 2_000_000, "{more} bytes more are resident");
    }
    let more = long.saturating_sub(short);
    assert!(
        more < 2_000_000,
        "{more} bytes more for a hundred times the items"
    );
}
