//! The example of the crate, started twice.

use tokio::net::TcpListener;

use crate::server;

#[path = "../../crates/amazon-music-redis/examples/many_machines.rs"]
#[allow(dead_code)]
mod many_machines;

#[tokio::test(flavor = "multi_thread")]
async fn two_machines_serve_a_user_who_logged_in_at_one() {
    let Some(redis) = server::start() else { return };
    let sandbox = amazon_music_sandbox::start().await.unwrap();
    let mut addresses = Vec::new();
    let machines = [(); 2].map(|()| many_machines::Machine::new(&redis.url(), &sandbox).unwrap());
    machines[0].log_in(&sandbox, "anna").await.unwrap();
    for machine in machines {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        addresses.push(listener.local_addr().unwrap());
        let router = many_machines::router(machine);
        tokio::spawn(async move { axum::serve(listener, router).await });
    }
    let ask = async |address, path: &str| {
        let response = reqwest::get(format!("http://{address}{path}"))
            .await
            .unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    };
    sandbox.expire_access_tokens();
    for &address in &addresses {
        let (status, body) = ask(address, "/users/anna/top-tracks").await;
        assert_eq!((status, body.lines().count()), (200, 5), "{body}");
        assert_eq!(
            ask(address, "/health").await,
            (200, "no limit is known".to_owned())
        );
    }
    assert_eq!(sandbox.refreshes(), 1);
    let (status, body) = ask(addresses[1], "/users/ben/top-tracks").await;
    assert_eq!(status, 401, "{body}");
    // Redis goes away: users who were here are served.
    drop(redis);
    let (status, body) = ask(addresses[0], "/users/anna/top-tracks").await;
    assert_eq!(status, 200, "{body}");
    let (status, body) = ask(addresses[0], "/users/carl/top-tracks").await;
    assert_eq!(status, 503, "{body}");
}
