//! The contracts of token stores and paces, kept by those of the SDK and by the example.

use std::sync::Arc;

use amazon_music::{
    auth::{FileTokenStore, MemoryTokenStore},
    pace::Pacer,
};

use crate::{
    contracts::{pace, token_store, token_store::Pair},
    programs::custom_token_store::TableStore,
};

#[tokio::test(flavor = "multi_thread")]
async fn the_store_in_memory_keeps_the_contract() {
    token_store::check(async || {
        let store = MemoryTokenStore::new();
        Pair(Arc::new(store.clone()), Arc::new(store))
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_store_in_files_keeps_the_contract() {
    let folder = tempfile::tempdir().unwrap();
    let number = std::sync::atomic::AtomicU32::new(0);
    token_store::check(async || {
        let number = number.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        let folder = folder.path().join(number.to_string());
        let store = || Arc::new(FileTokenStore::new(&folder));
        Pair(store(), store())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_store_of_the_example_keeps_the_contract() {
    token_store::check(async || {
        let store = TableStore::default();
        Pair(Arc::new(store.clone()), Arc::new(store))
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pace_of_one_process_keeps_the_contract() {
    pace::check(|set| match set {
        Some(set) => Arc::new(Pacer::new().requests_per_second(set)),
        None => Arc::new(Pacer::new()),
    })
    .await;
}
