//! The connection to a server, or to a cluster.

use std::sync::Arc;

use redis::{AsyncConnectionConfig, Client, Cmd, RedisError, Value, aio::ConnectionLike as _};

use crate::{
    failure::{Failure, FailureKind},
    server::tls,
};

/// Whom to connect to.
pub(super) enum Target {
    Single {
        client: Box<Client>,
        is_tls: bool,
    },
    #[cfg(feature = "cluster")]
    Cluster {
        client: Box<redis::cluster::ClusterClient>,
        is_tls: bool,
    },
}

/// The node of a cluster that a command goes to. A single server takes all.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Route {
    /// The one that has the keys of the command.
    ByKey,
    /// Any that takes writes.
    Anywhere,
    /// The one at this host and port.
    Node(String, u16),
}

/// An open connection. Clones are one.
#[derive(Clone)]
pub(crate) struct Link {
    connection: Connection,
    /// Tells connections apart.
    identity: Arc<()>,
}

#[derive(Clone)]
enum Connection {
    Single(redis::aio::MultiplexedConnection),
    #[cfg(feature = "cluster")]
    Cluster(redis::cluster_async::ClusterConnection),
}

impl Target {
    pub(super) async fn connect(&self, address: &Arc<str>) -> Result<Link, Failure> {
        if self.is_tls() {
            tls::check_provider()
                .map_err(|remedy| Failure::new(FailureKind::NoTlsProvider(remedy), address))?;
        }
        let connection = self.open().await;
        let connection = connection.map_err(|error| Failure::of(&error, address))?;
        Ok(Link {
            connection,
            identity: Arc::default(),
        })
    }

    fn is_tls(&self) -> bool {
        match self {
            Self::Single { is_tls, .. } => *is_tls,
            #[cfg(feature = "cluster")]
            Self::Cluster { is_tls, .. } => *is_tls,
        }
    }

    pub(super) fn is_cluster(&self) -> bool {
        !matches!(self, Self::Single { .. })
    }

    async fn open(&self) -> Result<Connection, RedisError> {
        match self {
            Self::Single { client, .. } => {
                // Time-outs are ours, and end whole commands.
                let config = AsyncConnectionConfig::new()
                    .set_connection_timeout(None)
                    .set_response_timeout(None);
                let opened = client.get_multiplexed_async_connection_with_config(&config);
                Ok(Connection::Single(opened.await?))
            }
            #[cfg(feature = "cluster")]
            Self::Cluster { client, .. } => {
                Ok(Connection::Cluster(client.get_async_connection().await?))
            }
        }
    }
}

impl Link {
    pub(super) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.identity, &other.identity)
    }

    pub(super) async fn send(&mut self, route: &Route, command: &Cmd) -> Result<Value, RedisError> {
        let value = match &mut self.connection {
            Connection::Single(connection) => connection.req_packed_command(command).await?,
            #[cfg(feature = "cluster")]
            Connection::Cluster(connection) => match route.in_cluster() {
                Some(node) => connection.route_command(command.clone(), node).await?,
                None => connection.req_packed_command(command).await?,
            },
        };
        #[cfg(not(feature = "cluster"))]
        let _ = route;
        value.extract_error()
    }
}

impl Route {
    #[cfg(feature = "cluster")]
    fn in_cluster(&self) -> Option<redis::cluster_routing::RoutingInfo> {
        use redis::cluster_routing::{RoutingInfo, SingleNodeRoutingInfo};
        let node = match self {
            Self::ByKey => return None,
            Self::Anywhere => SingleNodeRoutingInfo::RandomPrimary,
            Self::Node(host, port) => SingleNodeRoutingInfo::ByAddress {
                host: host.clone(),
                port: *port,
            },
        };
        Some(RoutingInfo::SingleNode(node))
    }
}

/// The primary nodes in a reply to `CLUSTER SLOTS`: ranges of slots, with the primary in the third place.
pub(super) fn primaries(slots: Value) -> Result<Vec<Route>, RedisError> {
    let ranges: Vec<Vec<Value>> = redis::from_redis_value(slots)?;
    let mut nodes = Vec::new();
    for range in ranges {
        let Some(primary) = range.into_iter().nth(2) else {
            continue;
        };
        let mut fields = redis::from_redis_value::<Vec<Value>>(primary)?.into_iter();
        if let (Some(host), Some(port)) = (fields.next(), fields.next()) {
            let (host, port) = (
                redis::from_redis_value(host)?,
                redis::from_redis_value(port)?,
            );
            nodes.push(Route::Node(host, port));
        }
    }
    nodes.sort();
    nodes.dedup();
    Ok(nodes)
}
