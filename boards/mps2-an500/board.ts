// The program of the MPS2 board with a Cortex-M7: that of the Cortex-M4, whose pins and sound are the same.

export { isStopped, pollDevice, startDevice, stopDevice } from "../../firmware/device";
export { createNativeDevice } from "../mps2-an386/board";
