//! The scripts of locks and records. Each is one step for all other clients, and can be run twice.
//!
//! A lock is a hash of its owner and its fencing number, with an expiry. A record is a hash:
//!
//! | field | contents |
//! |---|---|
//! | `data` | the tokens, encrypted if keys are given |
//! | `fence` | the fencing number of the lock under which it was saved |
//! | `refresh` | the fingerprint of its refresh token |
//! | `spent_by`, `spent_at` | who was about to spend that refresh token, and when; gone with the next save |
//!
//! Only commands of Redis 6.2 are used.

use std::sync::LazyLock;

use crate::server::Script;

/// The time of the server, in microseconds.
const NOW: &str = "
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
";

fn script(code: &str) -> Script {
    Script::new(format!("{NOW}{code}"))
}

/// Takes the lock, with a fencing number above all that came before: the time, as long as that goes on.
/// Keys: lock, record. Arguments: owner, expiry in ms. Gives 1, fence, data, fingerprint; or 0 and what is
/// left of the lock of another, in ms.
pub(super) static LOCK: LazyLock<Script> = LazyLock::new(|| {
    script(
        "
local owner = redis.call('HGET', KEYS[1], 'owner')
local fence
if owner and owner ~= ARGV[1] then
  return {0, tostring(redis.call('PTTL', KEYS[1])), false, false}
elseif owner then
  fence = redis.call('HGET', KEYS[1], 'fence')
else
  local last = tonumber(redis.call('HGET', KEYS[2], 'fence') or '0')
  fence = string.format('%.0f', math.max(now, last + 1))
  redis.call('HSET', KEYS[1], 'owner', ARGV[1], 'fence', fence)
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
local record = redis.call('HMGET', KEYS[2], 'data', 'refresh')
return {1, fence, record[1], record[2]}
",
    )
});

/// Extends the lock. Key: lock. Arguments: owner, expiry in ms. Gives whether it is still held.
pub(super) static EXTEND: LazyLock<Script> = LazyLock::new(|| {
    script(
        "
if redis.call('HGET', KEYS[1], 'owner') ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
",
    )
});

/// Gives the lock back. Key: lock. Argument: owner.
pub(super) static RELEASE: LazyLock<Script> = LazyLock::new(|| {
    script(
        "
if redis.call('HGET', KEYS[1], 'owner') ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
",
    )
});

/// Marks that the refresh token is about to be spent: a write, so that a server that refuses writes is
/// known before. An older mark of another holder stays as long as that one may still save.
/// Keys: lock, record. Arguments: owner, expiry in ms, fence, grace in ms. Gives whether the lock is still
/// held.
pub(super) static RESERVE: LazyLock<Script> = LazyLock::new(|| {
    script(
        "
if redis.call('HGET', KEYS[1], 'owner') ~= ARGV[1] then return 0 end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
if redis.call('EXISTS', KEYS[2]) == 1 then
  local at = redis.call('HGET', KEYS[2], 'spent_at')
  if not at or now - tonumber(at) >= tonumber(ARGV[4]) * 1000 then
    redis.call('HSET', KEYS[2], 'spent_by', ARGV[3], 'spent_at', string.format('%.0f', now))
  end
end
return 1
",
    )
});

/// Saves a record, unless there is a newer one or one whose refresh token is not the one that was spent.
/// Key: record. Arguments: fence, data, fingerprint, whether the record was loaded before, and the
/// fingerprint that it had then. Gives whether it was saved.
pub(super) static SAVE: LazyLock<Script> = LazyLock::new(|| {
    script(
        "
local record = redis.call('HMGET', KEYS[1], 'fence', 'refresh')
local fence, kept = tonumber(ARGV[1]), tonumber(record[1] or '0')
if kept > fence then return 0 end
if kept < fence and ARGV[4] == '1' and (record[2] or '') ~= ARGV[5] then return 0 end
redis.call('HSET', KEYS[1], 'data', ARGV[2], 'fence', ARGV[1], 'refresh', ARGV[3])
redis.call('HDEL', KEYS[1], 'spent_by', 'spent_at')
return 1
",
    )
});

/// Reads a record whose refresh token was refused. Key: record. Arguments: fence, grace in ms. Gives how
/// long another holder may still take to save its successor, in ms, then data and fingerprint.
pub(super) static REFUSED: LazyLock<Script> = LazyLock::new(|| {
    script(
        "
local record = redis.call('HMGET', KEYS[1], 'data', 'refresh', 'spent_by', 'spent_at')
local left = 0
if record[3] == ARGV[1] then
  redis.call('HSET', KEYS[1], 'spent_by', '', 'spent_at', '0')
elseif record[3] and record[3] ~= '' then
  left = math.max(0, tonumber(ARGV[2]) - math.floor((now - tonumber(record[4])) / 1000))
end
return {left, record[1], record[2]}
",
    )
});
