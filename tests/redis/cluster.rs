//! A cluster of two nodes.

use amazon_music::{
    auth::TokenStore as _,
    clock::SystemClock,
    pace::{Pace as _, Request},
};
use amazon_music_redis::{Asked, Redis, RedisPace, RedisTokenStore};

use crate::{
    MS, key, log_in,
    server::{self, Server},
};

/// Starts two nodes that have half of the slots each.
async fn start() -> Option<[Server; 2]> {
    let settings = ["--cluster-enabled", "yes"];
    let nodes = [
        server::start_with(&settings)?,
        server::start_with(&settings)?,
    ];
    for (node, slots) in nodes.iter().zip([0..8192, 8192..16384]) {
        let slots: Vec<_> = slots.map(|slot: u32| slot.to_string()).collect();
        let _: () = node
            .ask(&format!("CLUSTER ADDSLOTS {}", slots.join(" ")))
            .await;
    }
    let _: () = nodes[1].ask("CLUSTER SET-CONFIG-EPOCH 2").await;
    let _: () = nodes[0]
        .ask(&format!("CLUSTER MEET 127.0.0.1 {}", nodes[1].port()))
        .await;
    for node in &nodes {
        loop {
            let info: String = node.ask("CLUSTER INFO").await;
            let slots: Vec<redis::Value> = node.ask("CLUSTER SLOTS").await;
            if info.contains("cluster_state:ok") && slots.len() == 2 {
                break;
            }
            tokio::time::sleep(MS(20)).await;
        }
    }
    Some(nodes)
}

#[tokio::test(flavor = "multi_thread")]
async fn logins_and_pace_are_kept_in_a_cluster() {
    let Some(nodes) = start().await else { return };
    let sandbox = amazon_music_sandbox::start().await.unwrap();
    let redis = Redis::cluster([nodes[0].url()]).build().unwrap();
    assert_eq!(redis.check().await.unwrap(), []);
    let store = RedisTokenStore::new(redis.clone());
    for user in 0..30 {
        log_in(&store, &sandbox, &format!("user-{user}")).await;
    }
    assert_eq!(store.keys().await.unwrap().len(), 30);
    for node in &nodes {
        assert!(
            node.ask::<u64>("DBSIZE").await > 5,
            "both nodes have logins"
        );
    }
    for user in 0..30 {
        let key = key(&format!("user-{user}"));
        assert!(matches!(store.try_lock(&key).await, Asked::Acquired(_)));
        assert!(store.load(&key).await.unwrap().is_some());
    }
    store
        .remove(&key("user-7"), &SystemClock::new())
        .await
        .unwrap();
    assert_eq!(store.keys().await.unwrap().len(), 29);
    let pace = RedisPace::new(redis, "profile").requests_per_second(50.0);
    let clock = SystemClock::new();
    let request = || Request::new(&clock, MS(0), MS(100_000));
    let first = pace.admit(request()).await.unwrap();
    let second = pace.admit(request()).await.unwrap();
    assert_eq!(second.mark() - first.mark(), 20_000);
}
