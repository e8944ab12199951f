//! A walk that continues after errors loses and repeats nothing, whatever faults come in whatever order.

use std::time::Duration;

use amazon_music::ErrorKind;
use amazon_music_sandbox::{Fault, Faults, Sandbox};
use futures_util::StreamExt as _;
use proptest::prelude::*;

use crate::time::{drive, on_manual_clock};

fn fault() -> impl Strategy<Value = Option<Fault>> {
    prop_oneof![
        4 => Just(None),
        1 => Just(Some(Fault::BadGateway)),
        1 => Just(Some(Fault::Reset)),
        1 => Just(Some(Fault::CutBody)),
        1 => Just(Some(Fault::Unavailable { retry_after: None })),
        1 => Just(Some(Fault::WrongContentType)),
        1 => Just(Some(Fault::MissingToken)),
        1 => Just(Some(Fault::DuplicateCursor)),
        1 => Just(Some(Fault::InvalidUtf8)),
        1 => Just(Some(Fault::MalformedItem)),
        1 => Just(Some(Fault::SlowBody(Duration::from_secs(45)))),
        1 => Just(Some(Fault::Latency(Duration::from_secs(3)))),
        1 => Just(Some(Fault::Oversized(1_000_000))),
        1 => (0..40_u32).prop_map(|seconds| Some(Fault::throttled(seconds.to_string()))),
        1 => (400..600_u16).prop_map(|status| Some(Fault::error(status, "INTERNAL"))),
    ]
}

/// The page size of the list, which has five pages.
const PAGE: usize = 20;

/// One walk, which is dropped and resumed from its position after each of these numbers of items.
/// Returns the items in order, with a mark for each lost one, and whether the list could not be
/// continued.
async fn walk(script: Vec<Option<Fault>>, stops: Vec<usize>) -> (Vec<Option<String>>, bool) {
    let sandbox = Sandbox::new().faults(Faults::in_order(script));
    let (clock, _sandbox, builder) = on_manual_clock(sandbox).await;
    let music = builder.max_body_bytes(100_000).build().unwrap();
    let mut items = music.top_tracks().items();
    let mut stops = stops.into_iter();
    let mut until_stop = stops.next();
    let (mut came, mut stranded) = (Vec::new(), false);
    drive(&clock, async {
        while let Some(item) = items.next().await {
            until_stop = until_stop.map(|left| left.saturating_sub(1));
            // An error that cannot pass ends the stream; its position can be resumed.
            let has_ended = matches!(&item, Err(error) if !error.is_transient()
                && !matches!(error.kind(), ErrorKind::Item | ErrorKind::Changed));
            let is_lost = matches!(&item, Err(error) if !error.is_transient());
            let stop = has_ended || (until_stop == Some(0) && !is_lost);
            match item.map_err(|error| error.kind()) {
                Ok(track) => came.push(Some(track.id)),
                Err(ErrorKind::Item) => came.push(None),
                Err(ErrorKind::Incomplete | ErrorKind::CursorLoop) => stranded = true,
                // Any other error leaves the position unchanged.
                Err(_) => {}
            }
            if stop && !stranded {
                let position = serde_json::to_string(&items.position()).unwrap();
                let position = serde_json::from_str(&position).unwrap();
                items = music.top_tracks().resume(position).unwrap();
                until_stop = stops.next();
            }
        }
    })
    .await;
    (came, stranded)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn no_item_is_lost_or_repeated(
        script in prop::collection::vec(fault(), 0..24),
        stops in prop::collection::vec(1_usize..40, 0..6),
    ) {
        let count = |fault: &Fault| script.iter().flatten().filter(|found| *found == fault).count();
        let (malformed, stranding) = (
            count(&Fault::MalformedItem),
            count(&Fault::MissingToken) + count(&Fault::DuplicateCursor),
        );
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let ((whole, _), (came, stranded)) =
            runtime.block_on(async { (walk(Vec::new(), Vec::new()).await, walk(script, stops).await) });
        prop_assert_eq!(whole.len(), 5 * PAGE);
        if stranded {
            prop_assert!(stranding > 0);
            prop_assert!(!came.is_empty() && came.len() % PAGE == 0, "whole pages, and then an error");
        } else {
            prop_assert_eq!(came.len(), whole.len());
        }
        let lost = came.iter().filter(|item| item.is_none()).count();
        prop_assert!(lost <= malformed, "{} lost, {} malformed", lost, malformed);
        for (place, (came, whole)) in came.iter().zip(&whole).enumerate() {
            match came {
                None => prop_assert_eq!(place % PAGE, 1, "the item that is malformed"),
                came => prop_assert_eq!(came, whole),
            }
        }
    }
}
