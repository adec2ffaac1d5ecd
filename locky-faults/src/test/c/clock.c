/*
 * Runs a command whose wall clock is wrong, by the seconds in the first byte of a file. For Linux on x86-64.
 * It works for a program that is linked statically, too: it changes what the kernel answers.
 *
 *   clock FILE COMMAND ARGUMENT...
 */
#define _GNU_SOURCE
#include <elf.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile const signed char *offset;

static long word(pid_t pid, unsigned long address) {
	return ptrace(PTRACE_PEEKDATA, pid, address, 0);
}

/* Without it, the C library has to ask the kernel for the time. */
static void hide_vdso(pid_t pid) {
	struct user_regs_struct registers;
	ptrace(PTRACE_GETREGS, pid, 0, &registers);
	unsigned long at = registers.rsp;
	at += 8 * (word(pid, at) + 2);
	while (word(pid, at) != 0) {
		at += 8;
	}
	for (at += 8; word(pid, at) != AT_NULL; at += 16) {
		if (word(pid, at) == AT_SYSINFO_EHDR) {
			ptrace(PTRACE_POKEDATA, pid, at, AT_IGNORE);
		}
	}
}

static void move_seconds(pid_t pid, unsigned long address) {
	if (address != 0) {
		ptrace(PTRACE_POKEDATA, pid, address, word(pid, address) + *offset);
	}
}

/* Before a call, the register of the result has an error in it. */
static void move_clock(pid_t pid) {
	struct user_regs_struct registers;
	ptrace(PTRACE_GETREGS, pid, 0, &registers);
	int clock = (int) registers.rdi;
	if (registers.orig_rax == SYS_clock_gettime && registers.rax == 0
			&& (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
		move_seconds(pid, registers.rsi);
	}
	else if (registers.orig_rax == SYS_gettimeofday && registers.rax == 0) {
		move_seconds(pid, registers.rdi);
	}
	else if (registers.orig_rax == SYS_time && (int64_t) registers.rax > 0) {
		move_seconds(pid, registers.rdi);
		registers.rax += *offset;
		ptrace(PTRACE_SETREGS, pid, 0, &registers);
	}
}

static int follow(pid_t child) {
	int status;
	for (pid_t pid = waitpid(-1, &status, __WALL); pid > 0; pid = waitpid(-1, &status, __WALL)) {
		if (!WIFSTOPPED(status)) {
			if (pid == child) {
				return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
			}
			continue;
		}
		int received = WSTOPSIG(status);
		if (received == (SIGTRAP | 0x80)) {
			move_clock(pid);
		}
		int passed = received == (SIGTRAP | 0x80) || received == SIGTRAP || received == SIGSTOP ? 0 : received;
		ptrace(PTRACE_SYSCALL, pid, 0, passed);
	}
	return 1;
}

int main(int count, char **arguments) {
	if (count < 3) {
		return 2;
	}
	offset = mmap(NULL, 1, PROT_READ, MAP_SHARED, open(arguments[1], O_RDONLY), 0);
	pid_t child = fork();
	if (child == 0) {
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		execvp(arguments[2], arguments + 2);
		_exit(127);
	}
	int status;
	waitpid(child, &status, 0);
	if (offset == MAP_FAILED || !WIFSTOPPED(status)) {
		return 2;
	}
	ptrace(PTRACE_SETOPTIONS, child, 0, PTRACE_O_EXITKILL | PTRACE_O_TRACECLONE | PTRACE_O_TRACESYSGOOD);
	hide_vdso(child);
	ptrace(PTRACE_SYSCALL, child, 0, 0);
	return follow(child);
}
