-- Finds the commands that the user may not call. Each is called for a lock that cannot exist, in a form that changes nothing.
-- KEYS    1... all keys that the commands name
-- ARGV    for each command: how many words it has, its words
-- Answer  for each that was refused: its name, the error

local arguments = ARGV

-- The error if Redis refused a command, else nil.
local function refusal(words)
  local reply = redis.pcall(unpack(words))
  local text = type(reply) == 'table' and reply.err
  -- The first is the text of Redis before version 7.2.
  local refused = text and (string.find(text, 'user executing the script', 1, true)
    or string.find(text, 'ACL failure', 1, true) or string.find(text, 'NOPERM', 1, true))
  return refused and text or nil
end

-- These have no such form. Each is undone by another command, which comes before it: without that one it is not called.
local UNDO = {SADD = 'SREM', HSETNX = 'HDEL'}

local answer, allowed = {}, {}
local at = 1
while at <= #arguments do
  local length = tonumber(arguments[at])
  local words = {unpack(arguments, at + 1, at + length)}
  at = at + length + 1
  local undo = UNDO[words[1]]
  if not undo or allowed[undo] then
    local text = refusal(words)
    if text then
      answer[#answer + 1] = words[1]
      answer[#answer + 1] = text
    else
      allowed[words[1]] = true
      if undo then
        redis.call(undo, words[2], words[3])
      end
    end
  end
end
return answer
