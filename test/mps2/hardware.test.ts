// The image for the real board's sound, as far as QEMU goes: it has the bus of the codec and no chip on it, and no I2S block.

import { EmulatedBoard } from "../../simulator/mps2/emulated-board";
import { buildImage, imageOf } from "./build";

const TEST_LIMIT_MS = 60_000;
const LINE_LIMIT_MS = 30_000;

describe("the MPS2 image with the codec's driver", function () {
  this.timeout(TEST_LIMIT_MS);
  let board: EmulatedBoard | undefined;

  before(function () {
    buildImage(this, "codec");
  });

  afterEach(() => {
    board?.stop();
    board = undefined;
  });

  it("boots, says at a press that no codec answers, and goes on", async () => {
    board = await EmulatedBoard.start({
      ...imageOf("codec"),
      settings: "account.user = door\nbutton.1.call = sip:person@10.0.2.2\n",
      ...{ address: "127.0.0.1", udpPorts: [] },
    });
    await board.hear(/network: IPv4 /, LINE_LIMIT_MS);
    await board.press(0);
    await board.hear(/ codec /, LINE_LIMIT_MS);
    board.type("m");
    await board.hear(/ram: /, LINE_LIMIT_MS);
  });
});
