//! Scripts, which Redis runs as one step.

use redis::{Cmd, FromRedisValue, ToSingleRedisArg};

use crate::{
    failure::{Failure, FailureKind},
    server::Redis,
};

/// A script and its hash.
pub(crate) struct Script {
    code: String,
    hash: String,
}

impl Script {
    pub(crate) fn new(code: impl Into<String>) -> Self {
        let code = code.into();
        let hash = redis::Script::new(&code).get_hash().to_owned();
        Self { code, hash }
    }

    fn command(&self, name: &str, text: &str, keys: &[&str], arguments: &Arguments) -> Cmd {
        let mut command = redis::cmd(name);
        command.arg(text).arg(keys.len()).arg(keys);
        for argument in &arguments.0 {
            command.arg(&argument[..]);
        }
        command
    }

    /// Runs the script: by its hash, and in full if the server does not know it (any more).
    pub(crate) async fn run<T: FromRedisValue>(
        &self,
        redis: &Redis,
        keys: &[&str],
        arguments: &Arguments,
    ) -> Result<T, Failure> {
        let by_hash = self.command("EVALSHA", &self.hash, keys, arguments);
        match redis.query(&by_hash).await {
            Err(failure) if *failure.kind() == FailureKind::NoScript => {
                let in_full = self.command("EVAL", &self.code, keys, arguments);
                redis.query(&in_full).await
            }
            reply => reply,
        }
    }
}

/// The arguments of a script. What is secret in them is encrypted, if keys are given.
#[derive(Default)]
pub(crate) struct Arguments(Vec<Vec<u8>>);

impl Arguments {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn arg(mut self, value: impl ToSingleRedisArg) -> Self {
        self.0.extend(value.to_redis_args());
        self
    }
}
