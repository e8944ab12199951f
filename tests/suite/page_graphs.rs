//! Lists of any shape: pages of changing sizes, empty ones, loops, missing tokens, errors anywhere.

use std::{
    collections::HashSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use amazon_music::{AmazonMusic, ErrorKind, Items, operations::TopTracks};
use proptest::prelude::*;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate, matchers::method};

use crate::common::{builder_at, json};

/// How a page names the next one.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Says {
    Token,
    LastEdge,
    Nothing,
    End,
}

/// One page: its items, the next page, how it names that, and whether the first request fails.
#[derive(Clone, Debug)]
struct Node {
    items: usize,
    next: usize,
    says: Says,
    fails: bool,
}

/// A list as a graph of pages, which begins at the first.
#[derive(Clone, Debug)]
struct Graph(Vec<Node>);

fn graph() -> impl Strategy<Value = Graph> {
    let says = prop_oneof![
        8 => Just(Says::Token),
        4 => Just(Says::LastEdge),
        1 => Just(Says::Nothing),
        2 => Just(Says::End),
    ];
    let items = prop_oneof![1 => Just(0_usize), 3 => 1..4_usize];
    let node = (
        items,
        0..14_usize,
        any::<bool>(),
        says,
        prop::bool::weighted(0.2),
    );
    prop::collection::vec(node, 1..12).prop_map(|nodes| {
        let count = nodes.len();
        let nodes = nodes.into_iter().enumerate();
        Graph(
            nodes
                .map(|(index, (items, anywhere, jumps, says, fails))| Node {
                    items,
                    // Mostly forward, so that there are long lists as well as loops.
                    next: if jumps && anywhere % 5 == 0 {
                        anywhere % count
                    } else {
                        index + 1
                    },
                    says: if index + 1 == count && !(jumps && anywhere % 5 == 0) {
                        Says::End
                    } else {
                        says
                    },
                    fails,
                })
                .collect(),
        )
    })
}

/// The expected result of a walk: ids, and how it ends. Written from the rules, not from the code.
fn model(graph: &Graph) -> (Vec<String>, Option<ErrorKind>) {
    let (mut ids, mut asked, mut empty) = (Vec::new(), HashSet::new(), 0);
    let mut at = 0;
    loop {
        let node = &graph.0[at];
        ids.extend((0..node.items).map(|item| format!("{at}-{item}")));
        let says_where = match node.says {
            Says::End => return (ids, None),
            Says::Nothing => false,
            Says::Token => true,
            Says::LastEdge => node.items > 0,
        };
        if !says_where {
            return (ids, Some(ErrorKind::Incomplete));
        }
        if !asked.insert(node.next) {
            return (ids, Some(ErrorKind::CursorLoop));
        }
        empty = if node.items == 0 { empty + 1 } else { 0 };
        if empty > 5 {
            return (ids, Some(ErrorKind::Incomplete));
        }
        at = node.next;
    }
}

/// Serves a graph; counts the requests.
struct Server {
    graph: Graph,
    failed: Mutex<HashSet<usize>>,
    requests: Arc<AtomicUsize>,
}

impl Respond for Server {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        self.requests.fetch_add(1, Ordering::SeqCst);
        let cursor = request.url.query_pairs().find(|(name, _)| name == "cursor");
        let at: usize = cursor.map_or(0, |(_, value)| value.parse().unwrap());
        let node = &self.graph.0[at];
        if node.fails && self.failed.lock().unwrap().insert(at) {
            return ResponseTemplate::new(503);
        }
        let cursor = |item| match node.says {
            Says::LastEdge if item + 1 == node.items => format!(r#","cursor":"{}""#, node.next),
            _ => String::new(),
        };
        let edges: Vec<String> = (0..node.items)
            .map(|item| format!(r#"{{"node":{{"id":"{at}-{item}"}}{}}}"#, cursor(item)))
            .collect();
        let info = match node.says {
            Says::Token => format!(r#""hasNextPage":true,"token":"{}""#, node.next),
            Says::LastEdge | Says::Nothing => r#""hasNextPage":true"#.to_owned(),
            Says::End => r#""hasNextPage":false"#.to_owned(),
        };
        json(&format!(
            r#"{{"data":{{"topTracks":{{"pageInfo":{{{info}}},"edges":[{}]}}}}}}"#,
            edges.join(",")
        ))
    }
}

async fn serve(graph: &Graph) -> (AmazonMusic, MockServer, Arc<AtomicUsize>) {
    let server = MockServer::start().await;
    let requests = Arc::new(AtomicUsize::new(0));
    let respond = Server {
        graph: graph.clone(),
        failed: Mutex::default(),
        requests: requests.clone(),
    };
    Mock::given(method("GET"))
        .respond_with(respond)
        .mount(&server)
        .await;
    (builder_at(server.uri()).build().unwrap(), server, requests)
}

/// The ids and the end of a walk that polls again after each failure.
async fn walk(mut items: Items<TopTracks>) -> (Vec<String>, Option<ErrorKind>) {
    let (mut ids, mut end) = (Vec::new(), None);
    while let Some(item) = items.next_item().await {
        match item.map_err(|error| error.kind()) {
            Ok(track) => ids.push(track.id),
            Err(ErrorKind::Api) => {}
            Err(kind) => end = Some(kind),
        }
    }
    (ids, end)
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(work)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn every_graph_gives_what_the_model_says(graph in graph(), read_ahead in any::<bool>()) {
        let wanted = model(&graph);
        let (came, requests) = block_on(async {
            let (music, _server, requests) = serve(&graph).await;
            let list = music.top_tracks();
            let list = if read_ahead { list.read_ahead() } else { list };
            (walk(list.items()).await, requests.load(Ordering::SeqCst))
        });
        prop_assert_eq!(came, wanted);
        // Each page once, the first perhaps again by its cursor, and once more if a request failed.
        prop_assert!(requests <= 2 * graph.0.len() + 2, "{} requests", requests);
    }

    #[test]
    fn resuming_at_every_position_equals_an_uninterrupted_walk(graph in graph()) {
        // A resumed walk does not remember the loops of the one before.
        prop_assume!(model(&graph).1 != Some(ErrorKind::CursorLoop));
        let (whole, end) = model(&graph);
        block_on(async {
            let (music, _server, _) = serve(&graph).await;
            let mut items = music.top_tracks().items();
            let mut place = 0;
            loop {
                let position = serde_json::to_string(&items.position()).unwrap();
                let position = serde_json::from_str(&position).unwrap();
                let resumed = walk(music.top_tracks().resume(position).unwrap()).await;
                prop_assert_eq!(&resumed.0[..], &whole[place..]);
                match items.next_item().await {
                    Some(Ok(_)) => place += 1,
                    Some(Err(_)) => {}
                    None => break,
                }
                if end.is_some() && place < whole.len() {
                    prop_assert_eq!(resumed.1, end);
                }
            }
            prop_assert_eq!(place, whole.len());
            Ok(())
        })?;
    }
}
