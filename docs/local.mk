# SPDX-License-Identifier: MIT
# Documents, installed beside README.md: dist_doc_DATA += docs/NAME.md
dist_doc_DATA += docs/licences.md
