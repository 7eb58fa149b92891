# SPDX-License-Identifier: MIT
# gnuplot -e "data='FILE'; picture='FILE'" bench/store-scale.gp
set terminal svg size 720,440 dynamic font "sans-serif,13" background rgb "white"
set output picture
set title "Cost of one vAdapter, by how many a store has"
set xlabel "vAdapters"
set ylabel "ns, bytes"
set logscale xy
set format x "10^{%T}"
set yrange [10:*]
set grid
set key outside right center
plot data using 1:2 with linespoints lw 2 pt 7 title "open, ns", \
     data using 1:3 with linespoints lw 2 pt 5 title "look-up by MAC, ns", \
     data using 1:4 with linespoints lw 2 pt 9 title "create in memory, ns", \
     data using 1:5 with linespoints lw 2 pt 13 title "resident, bytes"
