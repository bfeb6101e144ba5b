/* 界面用语。与 en.ts 的键完全一致。 */

export const zh = {
  title: '快警',
  unknown: '未知',
  do: { dismiss: '关闭提示', cancel: '取消', close: '关闭', fold: '收起', send: '发送' },
  header: {
    more: '更多', expected: '预期警情 {share}（{met}/{all} 起每小时）',
    today: '今日警情', open: '处置中 {n}', others: '其他', handling: '平均处置', responseClock: '到场达标（派警至到场）', citizenClock: '报警至到场',
    clockHint: '派警时钟：首次派警至实测到场；悬停可见报警至到场及 95% 区间', minutes: '{n} 分', interval: '95% 区间 {low}–{high}', unmeasured: '未实测 {n} 起',
    reach: '可达率', reachHint: { history: '当前空闲警力按时限可到达的预期警情占比（含反应时间）', street_length: '尚无历史警情，以道路长度代替：当前空闲警力按时限可到达的道路占比' },
    streets: '道路', fictional: '虚构城市', provisional: '临时方案', shift: '值班', report: '日报', plan: '方案', sound: '声音', muted: '静音', mute: '关闭声音', unmute: '打开声音',
    theme: '切换明暗', light: '亮色', dark: '暗色', signOut: '退出',
  },
  mode: { live: '实战', demo: '演示', training: '训练' },
  link: {
    live: '实时', lost: '连接中断', asOf: '截至 {time}', connecting: '正在连接…', loading: '正在载入…', degraded: '系统降级', warming: '系统预热中',
    lostLong: '连接中断，画面停在 {time}，此时不能下达指令，正在自动重连', degradedLong: '系统降级：暂时不能写入，指令会被拒绝；恢复后自动解除',
  },
  map: {
    title: '城市地图', zoomIn: '放大', zoomOut: '缩小', failed: '此浏览器不能显示地图（缺少 WebGL），其余功能照常可用', layers: '图层', reach: '1-3-5 可达', follow: '跟随', following: '跟随 {unit}', closures: '封控',
    beats: '网格边界', tiers: '1-3-5 分区', reachStreets: '按时限可达的道路', reached: '可按时到达', gap: '空档',
  },
  queue: {
    title: '警情', newCall: '接警', calls: '{n} 次报警', callsHint: '多次报警并为一起', escalated: '已升级', arrived: '已到场', sinceCall: '待派警', limit: '限 {limit}',
    noUnits: '未派警', empty: '当前没有处置中的警情', ended: '今日已结束 {n} 起',
  },
  incident: {
    inBeat: '{beat}内',
    title: '所选警情', none: '未选择警情。按 1–9 选择，按 N 接警', grade: '{n} 级', firstKind: '原报：{kind} {n} 级', noPlaceName: '地图选点', units: '出动警力', moreUnits: '加派警力',
    byVoice: '指挥台代为登记', voiceMark: '代', measured: '实测到场', notMeasured: '尚未实测到场', gap: '按键与实测相差 {gap}', voice: '语音代登：', withdraw: '撤回', withdrawReason: '撤回原因（必填）',
  },
  clock: { response: '派警至到场', citizen: '报警至到场', limit: '限 {limit} · {tier}', calledAt: '{time} 报警', arrival: '实测到场', met: '达标', missed: '超时', notMeasured: '尚未到场' },
  fact: {
    origin: '来源', beat: '网格', road: '道路', place: '位置', outside: '在辖区之外', noRoad: '附近没有车行道路', offRoad: '离道路 {m}', closed: '结案', outcome: '结果', mergedInto: '并入', mergedFrom: '已并入',
  },
  act: {
    note: '备注', escalate: '升级', reclassify: '改类别', move: '改位置', merge: '合并', unmerge: '撤销合并', close: '结案', cancel: '撤销警情', reopen: '恢复处置',
    into: '并入哪起警情', measures: '已采取处置措施', moveHint: '请在地图上点选正确位置',
    words: { note: '内容', escalate: '升级原因（必填）', reclassify: '说明', merge: '说明', close: '结案说明', cancel: '撤销原因（必填）', reopen: '说明' },
  },
  call: { title: '报警记录', masked: '已脱敏', unlink: '拆分为另一起' },
  advice: {
    title: '推荐派警', reinforcement: '增援补位', limit: '时限 {limit}', unit: '警力', arrives: '到达', inTime: '达标率', loses: '失守', lossTitle: '派出后全市按时可达的预期警情减少的百分点', lossHint: '期间不能按时到达的道路：{metres}',
    p90: '90% 情况下不超过', loading: '正在计算推荐…', unmet: '{role}缺 {n} 个：没有可用或可达的警力', none: '没有可派的警力', ownPicks: '自选：', order: '派警（{n}）', takeProposal: '恢复推荐',
    reach: '可达率 {before} → {after}', reachHint: '全市可达率：现在 → 派出所推荐警力之后', followers: '后续警力', others: '其余 {n} 个警力及原因', pick: '选派', leave: '取消选派', fixAge: '定位 {age} 前',
    diversion: '改派（正赴 {incident}）', again: '重新推荐', queue: '排队等候', divert: '强制改派', taken: '{unit} 已变为“{status}”', takenFor: '警情 {incident}',
  },
  reason: {
    nearest: '到达最快', cover: '到达相近，全市失守少 {figure} 个百分点', cover_passed: '派出后全市失守 {figure} 个百分点', capability: '具备所需能力：{detail}', together: '与其余警力合计到达最快', diversion: '改派：正赶赴较轻警情 {detail}', diversion_offered: '可改派：正赶赴较轻警情 {detail}',
    busy: '正在处置 {detail}', busy_other: '忙于其他事务', queued_elsewhere: '已有 {figure} 项排队任务', off_duty: '未上勤', out_of_service: '停用', already_on_it: '已在此警情', wrong_class: '车型不符：{detail}', missing_capability: '早到 {figure}，但缺少：{detail}', no_contact: '失去联系 {figure}', no_position: '没有定位', stale: '定位已过 {figure}', farther: '晚到 {figure}', sooner: '可早到，但合计不优', could_go: '空闲，可派', beyond_horizon: '超过 10 分钟', unreachable: '道路不可达，直线 {figure}', off_road: '该处无车行道路，直线 {figure}', other: '未入选',
  },
  capability: { arrest: '抓捕', command: '现场指挥', cordon: '警戒封控', extinguisher: '灭火', first_aid: '急救', mediation: '调解', negotiation: '谈判', traffic: '交通处置', video: '视频回传', water_rescue: '水上救援', investigation: '勘查', case: '办案', medical: '医疗' },
  cover: { title: '布防调整', reach: '可达率 {before} → {after}', order: '调整 {n} 个', point: '指定地点', gain: '恢复 {share}', end: '返回网格' },
  unit: {
    title: '警力', free: '空闲 {n} / {all}', filter: '按呼号、类别、状态、网格筛选', none: '没有警力', noneFound: '没有符合的警力', noFix: '无定位', lost: '失联', stale: '定位过旧', cover: '布防调整中',
    class: '类别', crew: '警员', crewOf: '民警 {police}，辅警 {auxiliary}', platform: '平台', since: '状态持续', fix: '定位', ago: '{age} 前', queued: '排队任务', toIncident: '查看警情', setStatus: '改状态（语音代登）',
  },
  class: { command_vehicle: '指挥车', car: '处置车', motorcycle: '摩托', foot: '步巡', drone: '无人机' },
  role: { first: '首到', support: '支援', follower: '后续', reinforcement: '增援' },
  step: { delivered: '送达', acknowledged: '接令', en_route: '出发', on_scene: '到场', controlled: '控制', settled: '平息', cleared: '完毕' },
  stamp: { ordered: '派警', delivered: '送达', acknowledged: '接令', en_route: '出发', on_scene: '到场', cleared: '完毕' },
  status: {
    unit: { off_duty: '未上勤', available: '空闲', ordered: '已派警', en_route: '途中', on_scene: '在现场', busy_other: '忙碌', out_of_service: '停用' },
    incident: { open: '待派警', dispatched: '已派警', responding: '赶赴中', on_scene: '已到场', handling: '处置中', closed: '已结案', merged: '已合并', cancelled: '已撤销' },
    assignment: { queued: '排队', ordered: '已派警', delivered: '已送达', acknowledged: '已接令', en_route: '途中', on_scene: '在现场', cleared: '已完毕', refused: '不能执行', withdrawn: '已撤回' },
  },
  origin: { call_110: '110 报警', call_119: '119 报警', call_122: '122 报警', alarm: '一键报警', community: '群众联动', patrol: '巡逻发现', camera: '视频发现', officer_help: '警员求助' },
  outcome: {
    settled: '现场处置', mediation: '引导调解', handed_to_station: '移交派出所', handed_to_traffic: '移交交警', handed_to_criminal: '移交刑侦', escorted: '护送', rescued: '救助', returned_to_family: '送交家属',
    hazard_removed: '排除隐患', arrested: '抓获', false: '误报', nobody_found: '未发现当事人',
  },
  kind: { unknown: '未知类别' },
  follower: { criminal: '刑侦大队', fire: '消防救援站', medical: '120 急救', station: '属地派出所', traffic: '交警中队' },
  tier: { rest: '其他区域' },
  alert: { acknowledge_overdue: '迟未接令', limit_near: '即将超时', limit_broken: '已超时', lost_contact: '途中失联', sos: '警员求助', more: '另有 {n} 条', seeAll: '全部知悉' },
  timeline: {
    title: '处置经过', failed: '暂时读不到处置经过', other: '记录',
    incidentopened: '接警立案：{kind} {grade} 级，{place}', calltaken: '收到报警（{origin}）', calllinked: '报警并入（自 {from}）', callunlinked: '报警拆出（自 {from}）', helpraised: '{unit} 求助', personalwordsforgotten: '个人信息已删除',
    incidentreclassified: '改为 {kind} {grade} 级', incidentmoved: '位置更正为 {place}', noteadded: '{text}', incidentescalated: '升级为 {grade} 级', incidentmerged: '并入 {into}', incidentunmerged: '撤销合并', incidentclosed: '结案：{outcome}', incidentcancelled: '撤销警情', incidentreopened: '恢复处置',
    incidentcontrolled: '{unit} 报告现场已控制', incidentsettled: '{unit} 报告事态已平息', assignmentqueued: '{unit} 排队（{role}）', assignmentordered: '派 {unit}（{role}）', assignmentstamped: '{unit} {step}', arrivalmeasured: '{unit} 实测到场（区间 {width}）', assignmentcleared: '{unit} 完毕',
    assignmentrefused: '{unit} 不能执行', assignmentwithdrawn: '撤回 {unit}', unitstatusset: '{unit} 改状态', unitcontactchanged: '{unit} 联系变化',
  },
  intake: {
    noPlace: '无此地点；可点地图', title: '接警', place: '地点', placeHint: '地名、路口、拼音首字母、坐标', orMap: '也可直接点地图', kind: '类别', kindHint: '字母或名称，如 dj 打架', grade: '等级', kindGrade: '按类别（{n}）', words: '报警内容', caller: '报警人', phone: '电话', open: '立案', duplicates: '可能是同一起（按数字并入）',
    why: '相距 {metres}，{minutes} 分钟内', sameKind: '同类', sharedWords: '同提 {words}', link: '并入', searchFailed: '地名查询暂不可用，请点地图', mapPlace: '地图选点 {lon}, {lat}',
  },
  search: { title: '查找', hint: '呼号、警情编号、地点', unit: '警力', incident: '警情', place: '地点' },
  closure: {
    title: '封控与缓行', hint: '在地图上逐点绘制，立即影响路线', line: '线', polygon: '区域', back: '退一点', points: '{n} 点', name: '名称', unnamed: '临时封控', closed: '封闭', half: '缓行 50%', quarter: '缓行 25%', slow: '缓行 {share}%', until: '期限', open: '不限期', hours: '{n} 小时', place: '生效', lift: '解除', none: '当前没有封控',
  },
  plan: {
    title: '警力方案', version: '版本 {version}', counts: '网格 {beats}，平台 {platforms}，警力 {units}，警情类别 {kinds}', export: '导出方案', import: '导入方案', importHint: '选择一个 ZIP，或方案的全部文件（plan.yaml、GeoJSON、CSV/XLSX）。有一处错误即整体不生效', choose: '选择文件…', send: '校验并生效', needsAdministrator: '导入方案需要管理员帐号', faults: '共 {n} 处错误，方案未生效', where: '位置', found: '内容', problem: '问题与改法',
  },
  shift: { title: '值班交接', commander: '指挥长', since: '自 {time} 起', nobody: '尚未登记指挥长', openNow: '现有处置中警情 {n} 起', to: '交给', note: '交接事项', handOver: '交接' },
  keys: { title: '快捷键', new: '接警', order: '派出所选警力', digits: '选择清单中的第几项', search: '查找警力、警情、地点', follow: '跟随所选警力', reach: '1-3-5 可达', layers: '图层', closures: '封控与缓行', units: '收起或展开警力表', back: '退一步', help: '显示本页' },
  signin: { sub: '城市快警指挥', user: '用户名', password: '密码', go: '登录' },
  officer: {
    startHint: '开始后，本机位置将每隔几秒上报，派警时有声音和振动', start: '开始执勤', chooseUnit: '代表警力（演示）', noOrder: '待命中', keepOpen: '请保持本页打开，派警时会响铃', offlineSince: '无网络（自 {time}），按键已保存，恢复后按序补发', waiting: '{n} 条待发送', positionRefused: '未允许定位：不能实测到场。请在浏览器设置中允许', positionUnavailable: '本机不能定位（需要 HTTPS 与定位服务）：不能实测到场',
    way: '路程 {metres}，约 {time}', allDone: '本次任务已完毕', refuse: '不能执行', refuseHint: '原因（必填）', noteHint: '现场情况', help: '求助', hold: '按住 1 秒', helpSent: '求助已发出',
    did: { acknowledged: '接令', en_route: '出发', on_scene: '到场', controlled: '控制', cleared: '完毕', delivered: '送达', note: '备注', refuse: '不能执行', help: '求助', onDuty: '上勤' },
  },
  said: { ordered: '已派：{units}', cover: '已调整 {n} 个警力', planImported: '方案已生效', handedOver: '已交接给 {name}' },
  error: {
    other: '未能执行', unreachable: '服务器没有应答', disconnected: '连接中断，不能下达指令', degraded: '系统降级，暂不能写入', unittaken: '警力状态已变化，未派出', staleincident: '警情已被他人更改，请看最新情况再操作', staleunit: '警力状态已变化，请看最新情况再操作', staleplan: '推荐已过期，请重新推荐', notallowed: '无权操作或当前状态不允许', unitoffduty: '警力未上勤', duplicateorder: '该警力已在此警情', alreadyended: '已经结束，不能再操作', mergecycle: '不能互相合并', reasonrequired: '需要填写原因', notfound: '未找到', unknownincident: '没有这起警情', unknownunit: '没有这个警力', unknownassignment: '没有这次派警', unknowncall: '没有这条报警', unknownclosure: '没有这处封控', refused: '有多处问题，未执行', badrequest: '填写有误', badplan: '方案文件有误', keyreused: '重复提交', warming: '系统预热中，请稍候', noplan: '尚无生效方案', toolarge: '文件过大', wrongpassword: '用户名或密码错误', noaccounts: '尚无帐号，请管理员先建立', lockedout: '帐号已锁定，请稍后再试', notsignedin: '请先登录', foreignorigin: '来源不符', internalerror: '系统内部错误', texttoolong: '文字过长', textunreadable: '含有不能识别的字符', gradeunknown: '等级只有 1 至 4', valueunknown: '取值有误', identifiertaken: '编号已被占用',
  },
  report: {
    missesBy: '派警至到场 {response} · 报警至到场 {citizen}', took: '用时',
    title: '日报', day: '日期', back: '返回指挥室', csv: '下载 CSV', xlsx: '下载 XLSX', loading: '正在统计…', empty: '当日没有可统计的警情', failed: '日报暂不可用', incomplete: '当日未完，统计至 {time}',
    byTier: '按 1-3-5 分区', byBeat: '按网格', byHour: '按小时', byKind: '按类别', byOrigin: '按来源', byOutcome: '按结果', byGrade: '按等级', clocks: '五个时钟', clock: '时钟', counted: '起数', mean: '平均', median: '中位数', p90: '90 分位',
    misses: '未达标清单', noMisses: '没有未达标的警情', mismatches: '按键与实测不符（超过 60 秒）', response: '派警至到场', citizen: '报警至到场', share: '达标率', interval: '95% 区间', met: '达标/总数', unmeasured: '未实测', running: '待到场', incidents: '警情',
    incident: '编号', opened: '立案', kind: '类别', place: '道路', limit: '时限', tier: '分区', beat: '网格', hour: '时段', over: '超出', first: '首到', straddles: '区间跨时限', pressed: '按键', measured: '实测', gap: '相差',
    accounts: { incidents: '警情', measured: '已实测', unmeasured: '未实测', running: '待到场', never_ordered: '未派警', cancelled_before_arrival: '到场前撤销', found_by_patrol: '巡逻发现', merged: '已合并' },
    note: '达标率不计：到场前撤销、巡逻发现、未派警。到场区间跨过时限的按未达标计。区间为 95% Wilson 区间。',
  },
}
