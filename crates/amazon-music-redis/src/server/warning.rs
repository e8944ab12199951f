//! Settings of a server that endanger logins.

use std::fmt;

/// A setting of the server that endangers logins.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Warning {
    /// When its memory is full, the server deletes keys that never expire, and logins are such.
    Evicts {
        /// The value of its setting `maxmemory-policy`.
        policy: String,
    },
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Evicts { policy } => write!(
                f,
                "redis deletes logins when its memory is full (maxmemory-policy {policy}): set \
                 `maxmemory-policy noeviction`, or a `volatile-` policy"
            ),
        }
    }
}

/// Hears of warnings.
pub(super) type OnWarning = Box<dyn Fn(&Warning) + Send + Sync>;

/// Finds what is wrong in the server's own words.
pub(super) fn of_info(info: &str) -> Vec<Warning> {
    let policy = info
        .lines()
        .find_map(|line| line.strip_prefix("maxmemory_policy:"));
    let policy = policy
        .map(str::trim)
        .filter(|policy| policy.starts_with("allkeys-"));
    let evicts = policy.map(|policy| Warning::Evicts {
        policy: policy.to_owned(),
    });
    evicts.into_iter().collect()
}

#[cfg_attr(not(feature = "tracing"), expect(unused_variables))]
pub(super) fn trace(warning: &Warning) {
    #[cfg(feature = "tracing")]
    tracing::warn!("{warning}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policies_that_delete_logins_are_warned_of() {
        let of = |policy: &str| of_info(&format!("# Memory\r\nmaxmemory_policy:{policy}\r\n"));
        for policy in ["allkeys-lru", "allkeys-lfu", "allkeys-random"] {
            let policy = policy.to_owned();
            assert_eq!(of(&policy), [Warning::Evicts { policy }]);
        }
        for policy in ["noeviction", "volatile-lru", "volatile-ttl"] {
            assert_eq!(of(policy), []);
        }
        assert_eq!(of_info(""), []);
    }
}
