-- A door of a few lines for the tests of faults: it logs why it was started, energises its relay, and does what a test puts in here
-- when it boots, is pressed, is polled and is stopped.
local native
-- device.memory.pools, by number as in a board's bundle.
local device = { { {} } }
local wasPressed = 0
local feeds = true
local polls = 0
local due = 10
local record = doorlineBuffer(4096)

local function writeRecord(value)
  for index = 0, 4095 do
    record[index] = value
  end
  return native:storageWrite(1, record, 4096)
end

-- Logs the record's length and the octet that it is full of; 0: they differ.
local function logRecord()
  local length = native:storageRead(1, record)
  local octet = length > 0 and record[0] or 0
  for index = 1, length - 1 do
    if record[index] ~= record[0] then
      octet = 0
    end
  end
  native:logEvent(101, length, octet)
end

local function whenCreated()
  --[[BOOT]]
end

local function whenPressed()
  --[[PRESS]]
end

local function whenPolled()
  --[[POLL]]
end

local function whenStopped()
  --[[STOP]]
end

return {
  createNativeDevice = function(given)
    native = given
    whenCreated()
    return device
  end,
  startDevice = function()
    native:logEvent(1, native.resetReason(), 0)
    native.pinWrite(2, 0, 1)
  end,
  pollDevice = function()
    local isPressed = native.pinRead(0, 0)
    polls = polls + 1
    if polls == 100 then
      native:logEvent(102, polls, 0)
    end
    if feeds then
      native:watchdogFeed()
    end
    if isPressed ~= wasPressed then
      wasPressed = isPressed
      if isPressed == 1 then
        whenPressed()
      end
    end
    whenPolled()
    return due
  end,
  stopDevice = whenStopped,
  isStopped = function()
    return true
  end,
}
