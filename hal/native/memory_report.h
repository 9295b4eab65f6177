/* The memory of a running device as lines of its log: the VM's own memory, and each pool of the firmware's contract. */
#ifndef DOORLINE_MEMORY_REPORT_H
#define DOORLINE_MEMORY_REPORT_H

/** Writes the report with device_log_line. Between two polls only. */
void memory_report(void);

#endif
