"""The demonstration district: a deterministic generator of the workbooks a federation keeps, for a district the size of
Beijing's Xicheng (15 streets, 255 communities, 230,584 members).

Apart from the product: it imports nothing of `unionhall` but the check digits of the kernel, and hands over files only,
in the union's own forms (`unionhall template NAME`), which `unionhall import NAME FILE` loads like anyone's.

No person, employer or union in it is real; the names of the 15 streets are. Identity numbers, cards, mobiles and credit
codes have the right shape and check digits and were drawn by arithmetic. Everything follows from `chance.SEED`; each
register draws from its own stream, so that one can change without disturbing another.

`build.build_iter(folder, scale, processes)` writes the files and yields each as soon as it is there, in the order of
import; `expected.expected(scale)` counts what was generated, without an import.
"""
