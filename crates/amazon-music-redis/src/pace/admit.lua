-- One request of a process: takes what it has learned, and gives it a turn. Key: the pace. Arguments: the
-- rate that is set, or nothing; 1 for a turn, 0 for a look; whether the request had to wait; the longest wait
-- for a turn, in microseconds; a turn that is given back, or 0; then for each response 1 if it was refused,
-- when the request was sent, when the response came, and the delay that it asked for, or -1. Moments are
-- microseconds of the server's clock.
-- Gives whether requests are free, the time, the rate, the turn or 0, the next turn, the earliest turn that
-- is known for sure, the number of turns so far, how long ago the last 429 came, the end of a pause, how
-- long ahead turns are given, and whether the limit is still searched.
--
-- Turns are not given far ahead: those that were would be kept though the rate has changed since.
local BASE = 1700000000000000
local function seconds(text) return (tonumber(text) - BASE) / 1e6 end
local function micros(time) return math.floor(time * 1e6 + 0.5) + BASE end
local function text(number) return string.format('%.0f', number) end

local time = redis.call('TIME')
local now = (tonumber(time[1]) * 1000000 + tonumber(time[2]) - BASE) / 1e6

local r = new_rate()
local found = redis.call('HMGET', KEYS[1], 'phase', 'is_held', 'is_clustered', unpack(NUMBERS))
if found[1] then
  r.phase, r.is_held, r.is_clustered = found[1], found[2] == '1', found[3] == '1'
  for at, name in ipairs(NUMBERS) do
    if found[at + 3] then r[name] = tonumber(found[at + 3]) end
  end
end
if ARGV[1] ~= '' then r.set = tonumber(ARGV[1]) end

for at = 6, #ARGV, 4 do
  local sent_at, came_at = seconds(ARGV[at + 1]), math.min(seconds(ARGV[at + 2]), now)
  local retry_after = tonumber(ARGV[at + 3])
  if ARGV[at] == '1' then
    on_refused(r, came_at, sent_at, retry_after >= 0 and retry_after / 1e6 or nil)
  else
    on_admitted(r, came_at, sent_at)
  end
end
if ARGV[5] ~= '0' then on_given_back(r, seconds(ARGV[5])) end

if is_free(r, now) then
  if found[1] then redis.call('DEL', KEYS[1]) end
  return {1, text(micros(now)), '', '0', '0', '0', text(r.grants), '0', '0', '0', 0}
end

local turn = 0
local at = micros(math.max(now, next_send(r)))
local wait = at - micros(now)
local is_searching = r.phase == 'search' or (r.phase ~= 'free' and r.blocked > 0)
local lead = is_searching and 100000 or r.phase == 'climb' and 300000 or 1000000
if ARGV[2] == '1' and wait <= math.min(tonumber(ARGV[4]), lead) then
  on_send(r, (at - BASE) / 1e6, ARGV[3] == '1' or wait > 0)
  r.grants = r.grants + 1
  turn = at
end

local fields = {'phase', r.phase, 'is_held', r.is_held and '1' or '0', 'is_clustered', r.is_clustered and '1' or '0'}
local gone = {}
for _, name in ipairs(NUMBERS) do
  if r[name] then
    fields[#fields + 1], fields[#fields + 2] = name, string.format('%.17g', r[name])
  else
    gone[#gone + 1] = name
  end
end
redis.call('HSET', KEYS[1], unpack(fields))
if #gone > 0 then redis.call('HDEL', KEYS[1], unpack(gone)) end
-- It is forgotten when nobody has asked for as long as a rate is kept.
local kept = math.max(r.forgotten_at, r.retry_at, now + FORGOTTEN) - now
redis.call('PEXPIRE', KEYS[1], text(math.ceil(kept * 1000) + 1000))

local since = r.phase == 'free' and FORGOTTEN or math.max(0, FORGOTTEN - (r.forgotten_at - now))
return {
  0, text(micros(now)), string.format('%.17g', per_second(r)), text(turn), text(micros(next_send(r))),
  text(micros(known_send(r, now))), text(r.grants), text(since * 1e6),
  text(micros(math.max(r.retry_at, r.pause_until))), text(lead), is_searching and 1 or 0,
}
