-- Tells which commands the user may not call. Each is called for a lock that cannot exist, in a form that changes nothing.
-- KEYS    1... all keys that the commands name
-- ARGV    for each command: how many words it has, its words
-- Answer  for each that was refused: its name, the error

local function refusal(words)
  local reply = redis.pcall(unpack(words))
  local text = type(reply) == 'table' and reply.err
  -- The first is what Redis says before version 7.2.
  local refused = text and (string.find(text, 'user executing the script', 1, true)
    or string.find(text, 'ACL failure', 1, true) or string.find(text, 'NOPERM', 1, true))
  return refused and text or nil
end

local answer = {}
local at, removable = 1, false
while at <= #ARGV do
  local words = {}
  for i = at + 1, at + tonumber(ARGV[at]) do
    words[#words + 1] = ARGV[i]
  end
  at = at + #words + 1
  -- The one command without such a form is undone: it comes after the one that does that.
  if words[1] ~= 'SADD' or removable then
    local text = refusal(words)
    if text then
      answer[#answer + 1] = words[1]
      answer[#answer + 1] = text
    elseif words[1] == 'SREM' then
      removable = true
    elseif words[1] == 'SADD' then
      redis.call('SREM', words[2], words[3])
    end
  end
end
return answer
