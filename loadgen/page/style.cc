// SPDX-License-Identifier: MIT
#include "loadgen/page/style.h"

namespace sqlicorn::loadgen {

const std::string_view kPageStyle = R"css(
:root{color-scheme:light dark;--page:#fff;--ink:#1b1b1b;--soft:#5c5c5c;--rule:#dcdcdc;--wash:#f4f4f2;
--bad:#b3261e;--good:#00704f;--c1:#0072b2;--c2:#d55e00;--c3:#009e73;--c4:#b5548a;--c5:#c78500;
--c6:#2e8fc9;--band:#0072b222}
@media (prefers-color-scheme:dark){:root{--page:#16181b;--ink:#ececec;--soft:#a9adb3;--rule:#383c42;
--wash:#1f2226;--bad:#ff8a80;--good:#4fd1a1;--c1:#56b4e9;--c2:#ff8c42;--c3:#2fc79a;--c4:#e6a0c8;
--c5:#f0c04a;--c6:#9ad4f7;--band:#56b4e92e}}
*{box-sizing:border-box}
body{margin:0 auto;padding:1rem;max-width:75rem;background:var(--page);color:var(--ink);
font:15px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans","DejaVu Sans",sans-serif}
h1{font-size:1.5rem;margin:.2rem 0}h2{font-size:1.15rem;margin:2rem 0 .4rem}
h3{font-size:.95rem;margin:0 0 .2rem}p,ul{margin:.4rem 0}
.soft,figcaption,caption,.say{color:var(--soft);font-size:.87rem}
figure{margin:.6rem 0;break-inside:avoid}figcaption{margin-bottom:.4rem}
ul.bad,ul.warn,ul.ok{list-style:none;padding:.5rem .8rem;border-left:4px solid var(--c5);
background:var(--wash)}
ul.bad{border-color:var(--bad);font-weight:600}ul.ok{border-color:var(--good)}
.wide{overflow-x:auto;margin:.8rem 0;break-inside:avoid}
table{border-collapse:collapse;font-size:.87rem;font-variant-numeric:tabular-nums}
caption{text-align:left;padding:.2rem 0;font-weight:600;color:var(--ink)}
th,td{text-align:left;padding:.15rem .55rem;border-bottom:1px solid var(--rule);
vertical-align:top;font-weight:400}
thead th{color:var(--soft)}th[scope=row]{font-weight:600}
th.n,td.n{text-align:right;white-space:nowrap}td.t{min-width:16rem}
svg{display:block;overflow:visible}
svg text{fill:var(--soft);font-size:11px}svg text.name{fill:var(--ink)}
.grid{stroke:var(--rule);stroke-width:1}.one{stroke:var(--soft);stroke-width:1}
.band{fill:var(--band)}
.line{fill:none;stroke:var(--c);stroke-width:2;vector-effect:non-scaling-stroke;
stroke-linejoin:round}
.thin{stroke-width:1.1}.faint{stroke-width:1;opacity:.55}.dots{stroke-dasharray:1.5 3}
.area{fill:var(--c);opacity:.25}.fail{fill:none;stroke:var(--bad);stroke-width:1.6;
vector-effect:non-scaling-stroke}
.bar{fill:var(--c);opacity:.55}.failbar{fill:var(--bad)}
.dot{fill:var(--c)}.round{fill:var(--page);stroke:var(--c);stroke-width:1.2}
.range{stroke:var(--c);stroke-width:2}.unsure{stroke-dasharray:3 3}
.s0{--c:var(--ink)}.s1{--c:var(--c1)}.s2{--c:var(--c2)}.s3{--c:var(--c3)}.s4{--c:var(--c4)}
.s5{--c:var(--c5)}.s6{--c:var(--c6)}
.d1.line,.d1 .line{stroke-dasharray:7 3}.d2.line,.d2 .line{stroke-dasharray:2 2.5}
.rows{display:grid;grid-template-columns:minmax(5.5rem,max-content) 1fr max-content;
column-gap:.7rem;align-items:center;grid-auto-flow:dense}
.rows>.name{font-weight:600;overflow-wrap:anywhere;font-size:.87rem}
.rows>.say{text-align:right;font-variant-numeric:tabular-nums}
.plot{display:grid;grid-template-columns:3rem 1fr 10.5rem}
.plot.bare{grid-template-columns:2.6rem 1fr}
.legend{display:none;flex-wrap:wrap;gap:.2rem 1rem;padding:0;list-style:none;font-size:.87rem}
.legend svg{display:inline-block;vertical-align:middle;margin-right:.35rem}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(17rem,1fr));gap:1rem 1.6rem}
.cards figure{margin:0}
details{margin:.8rem 0}summary{cursor:pointer;font-weight:600}
@media (max-width:44rem){.plot{grid-template-columns:2.6rem 1fr}.plot .ends{display:none}
.legend{display:flex}.rows{grid-template-columns:max-content 1fr;row-gap:0}
.rows>svg,.rows>.axis{grid-column:1/-1;margin-bottom:.35rem}.rows>.pad{display:none}}
@media print{:root{--page:#fff;--ink:#000;--soft:#444;--rule:#ccc;--wash:#f4f4f2;--bad:#b3261e;
--good:#00704f;--c1:#0072b2;--c2:#d55e00;--c3:#009e73;--c4:#b5548a;--c5:#c78500;--c6:#2e8fc9;
--band:#0072b222}
body{max-width:none;padding:0;font-size:11px}.wide{overflow:visible}}
)css";

}  // namespace sqlicorn::loadgen
