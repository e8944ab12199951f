//! The rate in the script of the pace beside that of the SDK: the same events, the same rate.

use std::time::Duration;

use amazon_music::pace::Rate;
use redis::Script;

use crate::server;

/// Plays events to the functions of the script. Each is its kind, two moments and a delay, in microseconds.
const PLAY: &str = "
local r, out = new_rate(), {}
if ARGV[1] ~= '' then r.set = tonumber(ARGV[1]) end
for at = 2, #ARGV, 4 do
  local kind, now, sent_at = ARGV[at], tonumber(ARGV[at + 1]) / 1e6, tonumber(ARGV[at + 2]) / 1e6
  local delay = tonumber(ARGV[at + 3])
  if kind == 'send' then on_send(r, now, delay == 1)
  elseif kind == 'admitted' then on_admitted(r, now, sent_at)
  else on_refused(r, now, sent_at, delay >= 0 and delay / 1e6 or nil) end
  local free = is_free(r, now)
  out[#out + 1] = string.format('%s %.3f %.6f %.6f', free and 'free' or 'limited', per_second(r) or -1,
    next_send(r), known_send(r, now))
end
return out
";

struct Event {
    kind: &'static str,
    now: u64,
    sent_at: u64,
    delay: i64,
}

/// A small generator of random numbers, so that a failure can be repeated.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

/// The events of a client with a limiter that admits so many a second, most of the time.
fn events(random: &mut Random) -> Vec<Event> {
    let limit = 1 + random.below(40);
    let (mut now, mut admitted_at, mut events) = (1_000_000, 0, Vec::new());
    let is_told = random.below(3) == 0;
    for _ in 0..400 {
        now += 1 + random.below(2 * 1_000_000 / limit / 3);
        if random.below(60) == 0 {
            now += random.below(20_000_000);
        }
        let held = i64::from(random.below(5) > 0);
        events.push(Event {
            kind: "send",
            now,
            sent_at: now,
            delay: held,
        });
        let sent_at = now;
        now += 1 + random.below(20_000);
        let is_admitted = sent_at >= admitted_at + 1_000_000 / limit && random.below(30) > 0;
        if is_admitted {
            admitted_at = sent_at;
            events.push(Event {
                kind: "admitted",
                now,
                sent_at,
                delay: 0,
            });
        } else {
            let delay = if is_told {
                1_000_000 * i64::try_from(random.below(3)).unwrap()
            } else {
                -1
            };
            events.push(Event {
                kind: "refused",
                now,
                sent_at,
                delay,
            });
        }
    }
    events
}

/// The SDK's rate after each of the events.
fn played(set: Option<f64>, events: &[Event]) -> Vec<String> {
    let at = Duration::from_micros;
    let mut rate = Rate::new(set);
    let play = |event: &Event| {
        let (now, sent_at) = (at(event.now), at(event.sent_at));
        match event.kind {
            "send" => rate.on_send(now, event.delay == 1),
            "admitted" => rate.on_admitted(now, sent_at),
            _ => rate.on_refused(now, sent_at, u64::try_from(event.delay).ok().map(at)),
        }
        let free = if rate.is_free(now) { "free" } else { "limited" };
        format!(
            "{free} {:.3} {:.6} {:.6}",
            rate.per_second().unwrap_or(-1.0),
            rate.next_send().as_secs_f64(),
            rate.known_send(now, 0).as_secs_f64(),
        )
    };
    events.iter().map(play).collect()
}

/// Whether two lines say the same, but for rounding.
fn is_same(one: &str, other: &str) -> bool {
    let close = |(one, other): (&str, &str)| match (one.parse::<f64>(), other.parse::<f64>()) {
        (Ok(one), Ok(other)) => (one - other).abs() <= 2e-3_f64.max(one.abs() * 1e-6),
        _ => one == other,
    };
    one.split(' ').zip(other.split(' ')).all(close)
}

#[tokio::test]
async fn the_rate_in_the_script_is_that_of_the_sdk() {
    let Some(redis) = server::start() else { return };
    let code = include_str!("../../crates/amazon-music-redis/src/pace/rate.lua");
    let script = Script::new(&[code, PLAY].concat());
    let mut connection = redis.raw().await;
    for seed in 0..60 {
        let random = &mut Random(seed);
        let events = events(random);
        let set = (seed % 4 == 0).then(|| 1.0 + random.below(50) as f64);
        let mut call = script.arg(set.map(|set| set.to_string()).unwrap_or_default());
        for event in &events {
            call.arg(event.kind)
                .arg(event.now)
                .arg(event.sent_at)
                .arg(event.delay);
        }
        let lua: Vec<String> = call.invoke_async(&mut connection).await.unwrap();
        for (at, (lua, rust)) in lua.iter().zip(played(set, &events)).enumerate() {
            let event = &events[at];
            assert!(
                is_same(lua, &rust),
                "seed {seed}, event {at} ({} at {}): {lua} in the script, {rust} in the SDK",
                event.kind,
                event.now,
            );
        }
    }
}
