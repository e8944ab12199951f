-- The learned rate: `Rate` of amazon-music, in the server. A test plays the same events to both.
-- Times are seconds.
local START, FIRST_PAUSE, DOUBLING, CLIMB, CLIMB_CUT, EVENT, SOON = 2, 1, 0.25, 0.12, 0.9, 1, 2
local IN_A_ROW, DEEPEST, EVERY_SECOND, CUT_LEAST, CUT_MOST = 2, 0.5, 0.75, 0.93, 0.97
local HOLD, LONGER_HOLD, LONGEST_HOLD, HELD_REQUESTS = 5, 1.5, 30, 24
local PROBE, FASTER, RAISED, RECOVERY, FASTEST = 0.015, 2.5, 1.2, 0.5, 1
local LONGEST_PAUSE, LEAST, MOST, FORGOTTEN, LONGEST_ADVICE = 8, 0.5, 1e6, 300, 365 * 24 * 3600

local function clamp(value, least, most) return math.max(least, math.min(most, value)) end
local function current(r) return math.min(r.learned, r.set or MOST) end

local function per_second(r)
  if r.phase ~= 'free' or r.set then return current(r) end
end

local function is_free(r, now)
  if r.phase ~= 'free' and now >= r.forgotten_at then
    r.phase, r.learned = 'free', MOST
  end
  return r.phase == 'free' and not r.set
end

local function next_send(r)
  local rate = per_second(r)
  local spaced = r.last_sent and rate and r.last_sent + 1 / rate or 0
  return math.max(spaced, r.retry_at, r.pause_until)
end

local function known_send(r, now)
  local first = now
  if r.last_sent and r.set then first = math.max(r.last_sent + 1 / r.set, now) end
  return math.max(first, r.retry_at)
end

local function on_send(r, now, held)
  r.is_held, r.sent_before, r.last_sent = held, r.last_sent, now
end

-- A turn that nobody used. Only the last one can be used by another.
local function on_given_back(r, at)
  if r.last_sent == at then r.last_sent = r.sent_before end
end

local function raise(r, factor) r.learned = clamp(current(r) * factor, LEAST, MOST) end

local function doublings(start, now)
  return math.min(math.floor(math.max(0, now - start) / FASTER), 16)
end

local function grow(r, now, start, share)
  if now <= start then return end
  local since = math.max(r.grown_at, start)
  -- Responses come from several processes, not quite in order.
  r.grown_at = math.max(r.grown_at, now)
  local passed = math.min(math.max(0, now - since), EVENT)
  if r.is_held then raise(r, 1 + math.min(share * passed, 0.5)) end
end

local function on_admitted(r, now, sent_at)
  if r.phase == 'free' or sent_at <= r.late_until then return end
  r.began_at = r.began_at or sent_at
  r.admitted, r.in_a_row = r.admitted + 1, 0
  local start = r.resumed_at
  if r.phase == 'search' then
    if sent_at >= r.doubled_at and now >= r.doubled_at + DOUBLING and r.is_held then
      r.proven, r.doubled_at = current(r), now
      raise(r, 2)
    end
  elseif r.phase == 'climb' then
    grow(r, now, start, CLIMB * 2 ^ math.max(0, doublings(start, now) - 1))
  else
    start = start + math.max(r.hold, HELD_REQUESTS / current(r))
    local least = current(r) > RAISED * r.rate_before and RECOVERY or 0
    grow(r, now, start, clamp(PROBE * 2 ^ doublings(start, now), least, FASTEST))
  end
end

local function admitted_in(r, time) return r.admitted / math.max(time, 1e-3) end

-- Turns that were given before, for later, are late too.
local function late_until(r, now) return math.max(now, r.last_sent or 0) end

local function cut(r, now, sent_at, rate)
  local before = current(r)
  r.learned = clamp(rate, LEAST, MOST)
  if r.last_sent == sent_at then r.last_sent = r.sent_before end
  r.cut_at, r.late_until, r.rate_before = now, late_until(r, now), before
  r.resumed_at = math.max(now, r.retry_at, r.pause_until)
  r.began_at, r.blocked, r.admitted, r.refused, r.in_a_row = nil, 0, 0, 0, 0
  r.is_clustered, r.grown_at = false, 0
end

local function track(r, hold) r.phase, r.hold = 'track', hold end

local function is_blocked(r, now)
  local is_tried = r.phase == 'search' or (r.phase ~= 'free' and now >= r.cut_at + EVENT)
  return is_tried and r.admitted == 0
end

local function pause(r, now, is_told)
  if not is_told then
    r.pause_until = now + math.min(EVENT * 2 ^ math.min(r.blocked, 8), LONGEST_PAUSE)
  end
  r.late_until, r.resumed_at = late_until(r, now), math.max(r.pause_until, r.retry_at)
  r.blocked, r.refused, r.in_a_row, r.is_clustered = r.blocked + 1, 0, 0, false
end

local function cut_to_window(r, now, sent_at)
  local most, least = current(r) * CUT_LEAST, r.is_held and LEAST or START
  local admitted = math.max(admitted_in(r, now - (r.began_at or now)), least)
  track(r, HOLD)
  cut(r, now, sent_at, math.min(admitted, most))
end

-- The phase, the hold and the rate after a 429; nothing if it counts towards the last cut.
local function lower(r, now, active, is_told)
  local rate, admitted = current(r), admitted_in(r, math.max(active, EVENT))
  local least, most = rate * CUT_LEAST, rate * CUT_MOST
  if r.phase == 'climb' and not is_told and active < EVENT and r.in_a_row >= IN_A_ROW then
    return 'climb', nil, clamp(admitted, rate * DEEPEST, least)
  elseif not is_told and active < EVENT then
    return nil
  elseif not is_told and active < SOON and r.refused ~= 1 then
    local every_second = r.is_clustered and 0 or rate * EVERY_SECOND
    return 'track', HOLD, math.min(math.max(admitted, every_second), least)
  elseif r.phase == 'climb' and is_told and active < SOON then
    local since_cut = admitted_in(r, now - r.cut_at)
    local phase = since_cut > rate * DEEPEST and 'track' or 'climb'
    return phase, HOLD, clamp(math.sqrt(since_cut * rate), rate * DEEPEST, rate * CLIMB_CUT)
  elseif r.phase == 'track' and is_told and active < EVENT then
    local share = r.admitted / math.max(1, r.admitted + r.refused)
    return 'track', HOLD, rate * clamp(share, DEEPEST, CUT_LEAST)
  elseif r.phase == 'track' then
    local hold = active < r.hold and HOLD or math.min(r.hold * LONGER_HOLD, LONGEST_HOLD)
    return 'track', hold, clamp(admitted, least, most)
  end
  return 'track', HOLD, rate * CLIMB_CUT
end

local function cut_known(r, now, sent_at, is_told)
  local active = math.max(0, now - r.resumed_at)
  local phase, hold, rate = lower(r, now, active, is_told)
  if not phase then return end
  if not is_told and active < EVENT then r.pause_until = r.resumed_at + EVENT end
  r.phase, r.hold = phase, hold
  cut(r, now, sent_at, rate)
end

local function on_refused(r, now, sent_at, retry_after)
  if retry_after then
    r.retry_at = math.max(r.retry_at, now + math.min(retry_after, LONGEST_ADVICE))
  end
  r.forgotten_at = math.max(now, r.retry_at) + FORGOTTEN
  if r.phase ~= 'free' and sent_at <= r.late_until then return end
  r.began_at = r.began_at or sent_at
  r.refused, r.in_a_row = r.refused + 1, r.in_a_row + 1
  r.is_clustered = r.is_clustered or r.in_a_row > 1
  local is_told = retry_after ~= nil and retry_after > 0
  if is_blocked(r, now) then
    pause(r, now, is_told)
  elseif r.blocked > 0 then
    cut_to_window(r, now, sent_at)
  elseif r.phase == 'free' then
    r.pause_until = now + FIRST_PAUSE
    cut(r, now, sent_at, START)
    r.phase, r.proven, r.doubled_at = 'search', nil, r.resumed_at
  elseif r.phase == 'search' then
    local rate = r.proven or current(r) / 2
    if r.proven then r.phase = 'climb' else track(r, HOLD) end
    cut(r, now, sent_at, rate)
  else
    cut_known(r, now, sent_at, is_told)
  end
end

local NUMBERS = {
  'proven', 'doubled_at', 'hold', 'learned', 'set', 'last_sent', 'sent_before', 'retry_at', 'pause_until',
  'forgotten_at', 'cut_at', 'late_until', 'began_at', 'blocked', 'resumed_at', 'rate_before', 'admitted',
  'refused', 'in_a_row', 'grown_at', 'grants',
}

local function new_rate()
  return {
    phase = 'free', learned = MOST, retry_at = 0, pause_until = 0, forgotten_at = 0, cut_at = 0,
    late_until = 0, blocked = 0, resumed_at = 0, rate_before = 0, admitted = 0, refused = 0, in_a_row = 0,
    grown_at = 0, grants = 0, is_held = false, is_clustered = false,
  }
end
