//! A proxy that delays or holds what passes.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
};

#[derive(Clone)]
pub(crate) struct Proxy {
    address: SocketAddr,
    state: Arc<State>,
}

struct State {
    /// The delay of each response, in ms.
    delay: AtomicU64,
    holds_requests: AtomicBool,
    holds_responses: AtomicBool,
    held: watch::Sender<bool>,
    released: watch::Sender<bool>,
}

impl Proxy {
    pub(crate) async fn start(target: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let state = Arc::new(State {
            delay: AtomicU64::new(0),
            holds_requests: AtomicBool::new(false),
            holds_responses: AtomicBool::new(false),
            held: watch::channel(false).0,
            released: watch::channel(false).0,
        });
        let proxy = Self {
            address: listener.local_addr().unwrap(),
            state,
        };
        let state = Arc::clone(&proxy.state);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let Ok(server) = TcpStream::connect(target).await else {
                    continue;
                };
                client.set_nodelay(true).unwrap();
                server.set_nodelay(true).unwrap();
                let holds = [&state.holds_requests, &state.holds_responses];
                let [requests, responses] = holds.map(|holds| holds.load(Ordering::SeqCst));
                let (from_client, to_client) = client.into_split();
                let (from_server, to_server) = server.into_split();
                tokio::spawn(pass(
                    from_client,
                    to_server,
                    Arc::clone(&state),
                    requests,
                    false,
                ));
                tokio::spawn(pass(
                    from_server,
                    to_client,
                    Arc::clone(&state),
                    responses,
                    true,
                ));
            }
        });
        proxy
    }

    pub(crate) fn address(&self) -> String {
        self.address.to_string()
    }

    pub(crate) fn delay(&self, delay: Duration) {
        self.state
            .delay
            .store(delay.as_millis().try_into().unwrap(), Ordering::SeqCst);
    }

    /// Holds what is asked on connections from now on.
    pub(crate) fn hold_requests(&self) {
        self.state.holds_requests.store(true, Ordering::SeqCst);
    }

    /// Holds what is responded on connections from now on.
    pub(crate) fn hold_responses(&self) {
        self.state.holds_responses.store(true, Ordering::SeqCst);
    }

    /// Waits until something is held.
    pub(crate) async fn held(&self) {
        self.state
            .held
            .subscribe()
            .wait_for(|held| *held)
            .await
            .unwrap();
    }

    /// Holds nothing of connections from now on.
    pub(crate) fn pass_others(&self) {
        self.state.holds_requests.store(false, Ordering::SeqCst);
        self.state.holds_responses.store(false, Ordering::SeqCst);
    }

    /// Lets go what is held.
    pub(crate) fn release(&self) {
        self.state.released.send_replace(true);
    }
}

async fn pass(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    state: Arc<State>,
    holds: bool,
    delays: bool,
) {
    let mut bytes = vec![0; 64 * 1024];
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        if holds {
            state.held.send_replace(true);
            let _ = state
                .released
                .subscribe()
                .wait_for(|released| *released)
                .await;
        }
        let delay = state.delay.load(Ordering::SeqCst);
        if delays && delay > 0 {
            tokio::time::sleep(Duration::from_millis(delay)).await;
        }
        if to.write_all(&bytes[..count]).await.is_err() {
            return;
        }
    }
}
