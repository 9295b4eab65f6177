// A door of a few lines for the tests of faults: it logs why it was started, energises its relay, and does what a test puts in here
// when it boots, is pressed, is polled and is stopped. In ES5, which is what JerryScript is given.
// biome-ignore-all lint: ES5 has neither let nor arrow functions, and what a test puts in uses the rest

var native;
var device = { memory: { pools: [] } };
var wasPressed = 0;
var feeds = true;
var polls = 0;
var due = 10;
var record = new Uint8Array(4096);

function writeRecord(value) {
  for (var index = 0; index < 4096; index += 1) {
    record[index] = value;
  }
  return native.storageWrite(1, record, 4096);
}

/** Logs the record's length and the octet that it is full of; 0: they differ. */
function logRecord() {
  var length = native.storageRead(1, record);
  var octet = length > 0 ? record[0] : 0;
  for (var index = 1; index < length; index += 1) {
    if (record[index] !== record[0]) {
      octet = 0;
    }
  }
  native.logEvent(101, length, octet);
}

function whenCreated() {
  /*BOOT*/
}

function whenPressed() {
  /*PRESS*/
}

function whenPolled() {
  /*POLL*/
}

function whenStopped() {
  /*STOP*/
}

var doorline = {
  createNativeDevice: function (given) {
    native = given;
    whenCreated();
    return device;
  },
  startDevice: function () {
    native.logEvent(1, native.resetReason(), 0);
    native.pinWrite(2, 0, 1);
  },
  pollDevice: function () {
    var isPressed = native.pinRead(0, 0);
    polls += 1;
    if (polls === 100) {
      native.logEvent(102, polls, 0);
    }
    if (feeds) {
      native.watchdogFeed();
    }
    if (isPressed !== wasPressed) {
      wasPressed = isPressed;
      if (isPressed === 1) {
        whenPressed();
      }
    }
    whenPolled();
    return due;
  },
  stopDevice: whenStopped,
  isStopped: function () {
    return true;
  },
};
