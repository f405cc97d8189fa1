// SPDX-License-Identifier: MIT
// A program without any of the protections that hardening.sh looks for.
int main() {
  return 0;
}
