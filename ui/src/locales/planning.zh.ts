/* 研判与规划页的用语，随该页载入。与 planning.en.ts 的键完全一致。 */

export const planningZh = {
  title: '研判与规划', back: '返回指挥室', of: '{city} · 现行方案 {version}', noHistory: '尚无历史警情，以道路长度代替；请先导入（kuaijing history import）', busy: '正在计算…', opening: '正在打开城市，首次约十余秒…',
  tabs: { demand: '警情研判', beats: '网格划分', fleet: '平台与警力', compare: '对比', publish: '报批发布' },
  drafts: { title: '方案草案', none: '还没有草案。由现行方案新建一份，再划分网格、调整平台', create: '新建草案', name: '草案名称', copy: '复制', copyOf: '{name} 副本', remove: '删除', sure: '再按一次确认删除', files: '下载方案文件', open: '打开草案 {name}', pick: '请先在左侧选择或新建草案', by: '{who} · 第 {n} 版', same: '与现行方案相同', stale: { plan: '现行方案已变更', ground: '地图已更换', closures: '封控已变更' } },
  jobs: { title: '计算任务', none: '没有任务', cancel: '停止', kinds: { beats: '划分网格', platforms: '布设平台', force: '最少警力', day: '分时布警', simulate: '仿真', compare: '对比', compare_drafts: '草案互比' }, states: { waiting: '排队', running: '计算中', done: '完成', refused: '无法计算', cancelled: '已停止', failed: '出错' }, steps: { starting: '启动', opening: '打开城市', roads: '行车时间', policy: '机动策略', runs: '仿真', beats: '划分网格', reach: '可达时间', fleet: '布设警力', force: '逐级试算', figures: '汇总指标', simulate: '仿真', compare: '对比' } },
  demand: {
    days: '时段', lastDays: '最近 {n} 天', until: '截至（不含）', group: '按大类', byKind: '按类别', allKinds: '全部类别', officers: '含民警发现', period: '截至 {until} 前 {days} 天 · 共 {n} 起', left: '另有无位置 {none} 起、城外 {outside} 起、民警发现 {officers} 起未计入（按设置）',
    week: '星期 × 小时', weekHint: '每格为该时段警情起数，颜色越深越多', cell: '周{day} {hour} 时：{n} 起', weekdays: '一二三四五六日', all: '全部', change: '类别与变化', kind: '类别', now: '本期', before: '较上期', year: '较去年同期', interval: '95% 区间', certain: '变化明确', noBefore: '上期无', spots: '热点', spotsNone: '没有显著热点（Gi* 检验，控制错误发现率）', spot: '{n} 起 · 占 {share} · 为均值 {times} 倍', spotKinds: '以{kinds}为主', noRoad: '无名道路',
    season: '季节与趋势', seasonNone: '历史不足，不能判断', perYear: '年均变化 {value}（95% 区间 {low} – {high}）', month: '{n} 月：为均值 {value}', repeats: '近重复', repeatsNone: '检验了 {n} 类，没有一类显示近重复', repeat: '{kind}：{metres} 内 {days} 天以内再发为预期的 {ratio} 倍（p={p}）',
    scores: '哪种预测最准', scoresHint: '以留出的月份检验；面积相同时命中越多越好。PAI 为命中率与面积之比，PEI* 为所能达到的最好之比', area: '面积', caught: '命中', forecasts: { rates: '本系统费率', kernel: '核密度', all_counts: '全部计数', last_month: '上月计数' }, best: '最佳', shelf: '历史与图层', rows: '{n} 条', weight: '权重', weigh: '设定', whats: { incidents: '警情', cases: '案件', hazards: '隐患', counts: '流量' }, span: '{from} 至 {until}', own: '城市自带历史',
  },
  beats: {
    count: '网格数', keep: '平台不动', seconds: '计算时限（秒）', start: '重新划分', hand: '手工调整', handOn: '按住边界街区拖到相邻网格；或在下方选择', handPick: '街区', handTo: '划入', give: '划入', balance: '最大/平均工作量', balanceHint: '1 为完全均衡', drive: '平均驶达', compact: '紧凑度', border: '边界长', crossings: '跨越天然屏障', moved: '改变归属的工作量', today: '现行', draft: '草案', beat: '网格', perDay: '起/日', work: '工作量 时/日', area: '面积 km²', isNew: '新', basis: { history: '依据历史警情', street_length: '依据道路长度（无历史），工作量只有比例有意义' }, block: '街区 {n} · {rate} 起/日', loading: '正在载入街区…',
  },
  fleet: {
    posts: '平台', post: '平台', units: '警力', most: '平台数上限', per: '每平台上限', slower: '行车慢多少倍', hours: '时段', start: '布设平台与警力', least: '最少警力', leastOf: '求最少的', target: '达标率要求', leastStart: '计算最少警力', day: '分时布警', dayStart: '计算分时布警', tier: '分区', limit: '时限', attained: '可达标', allFree: '若全部空闲', attainable: '任何警力可达上限', busy: '警力占用率', proof: '按期望覆盖 {covered}，证明上界 {bound}，差 {gap}', optimal: '已证明最优', notYet: '未证明最优', lost: '任何布点都不能按时到达', lostMore: '另有 {n} 处', lostAt: '{name}（{tier}，{limit} 秒）占该区 {share}', answer: '至少需要 {n} 个{what}', never: '不能达到', steps: '多一个、少一个', stepMeets: '达到', stepFails: '达不到', period: '{from}–{until} 时', moves: '调动 {n} 个', stay: '全天不动', through: '分时布警', expectation: '期望值假定各警力独立占用；实际效果以仿真为准', shown: '在地图上显示', perDay: '每日警情数', perDayHint: '没有历史时须填',
  },
  compare: {
    days: '每次天数', replications: '次数', policy: '机动策略', policies: { none: '按方案', dmexclp: 'DMEXCLP', compliance: '符合表', reach: '可达优先' }, start: '仿真对比', with: '对照', report: '报告', hint: '两个方案用同一批抽取的报警；首次需计算全部地点间行车时间，可能要几分钟，可随时停止', basis: '{n} 次 × {days} 天，共 {calls} 起（每日 {day} 起）', difference: '差（95% 区间）', rows: { within: '按时到场', within_citizen: '按时到场（报警至到场）', mean_s: '平均', median_s: '中位数', p90_s: '90 分位', late_a_day: '每日超时起数', utilisation: '警力占用率' }, arrivals: '到场时间分布', arrivalsHint: '虚线为对照方，实线为草案；派警至到场', map: '地图：得与失', blocks: '明确改善的街区 {up} 个，明确变差 {down} 个，警情太少不能判断 {few} 个', cost: '投入', people: '民警 {police}、辅警 {auxiliary} 人时/日',
  },
  publish: {
    title: '报批', from: '生效时间', note: '说明（必填）', propose: '提交报批', rests: '依据：方案 {plan}，封控 {closures}，需求 {demand}', stale: '所依据的方案或封控已变更，不能报批；请由现行方案另建草案', same: '草案与现行方案相同，没有可报批的内容', list: '报批记录', none: '还没有报批', by: '{who} {at} 提交 · 自 {from} 生效', decided: '{who} {at}', accept: '同意', reject: '否决', reason: '否决原因（必填）', own: '须由他人审批', states: { pending: '待审批', accepted: '已同意，待生效', rejected: '已否决', enacted: '已生效' }, staleMark: '依据已变更', show: '查看', figures: '报批时的指标', sure: '再按一次确认同意', needs: '审批须由管理员进行',
  },
  keys: '1–5 切换页签 · N 新建草案 · H 手工调整 · Esc 返回',
}
