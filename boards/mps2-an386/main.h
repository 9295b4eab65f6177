/* What start.c calls when memory is ready. */
#ifndef DOORLINE_MPS2_MAIN_H
#define DOORLINE_MPS2_MAIN_H

_Noreturn void board_main(void);

#endif
