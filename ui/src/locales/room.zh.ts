/* 指挥室版面、跟随、可达与结案等用语。与 room.en.ts 的键完全一致。 */

export const roomZh = {
  display: { title: '显示', theme: '明暗', dark: '暗色', light: '亮色', auto: '自动', size: '大小', now: '现为 {share}。', kept: '版面与大小按帐号记在本机。', usual: '恢复默认版面' },
  pane: { queue: '拖动或按方向键改变警情栏宽度（双击恢复）', side: '拖动或按方向键改变所选警情栏宽度（双击恢复）', units: '拖动或按方向键改变警力表高度（双击恢复）', foldQueue: '收起警情栏', openQueue: '展开警情栏', foldSide: '收起所选警情栏', openSide: '展开所选警情栏' },
  streets: { underway: '途中警力的路线与轨迹', soonest: '{unit} 最快 {time}', limit: '限 {limit}', next: '其次 {unit} {time}', nobody: '无空闲警力可及', gap: '空档', lost: '无 {unit} 将失守的道路 {n} 段', lostNone: '无 {unit} 全市不失守' },
  following: { title: '跟随', arrives: '到达 {time}', left: '还有 {metres}', next: '{metres} 后{turn}', onto: '进入{road}', noRoute: '无任务路线', lastTrack: '近 30 分钟已行 {metres}' },
  turn: { straight: '直行', left: '左转', right: '右转', u_turn: '掉头', arrive: '到达' },
  five: { title: '五个时钟', dispatch: '派警', arrival: '到场', control: '控制', settlement: '平息', whole: '结案', from: '自报警起', step: '比上步多' },
  followUp: { who: '后续接手', nobody: '无需接手', what: '后续事项', hint: '需做什么；请勿写姓名', told: '{who}：{text}', closed: '，后续 {told}' },
  advised: { asAdvised: '按推荐', other: '自选', none: '无推荐', was: '当时推荐 {units}' },
  coverOffer: { looking: '正在计算布防调整…', dropped: '不调整' },
  cross: { title: '键盘准星', open: '键盘定点', move: '移动', fine: '微调', zoom: '缩放', take: '取此处', point: '定一点', choose: '选中此处', search: '查找', end: '结束', placeHint: '地名、路口或拼音首字母', centre: '呼叫中心点', clickCentre: '请查找地名，或在地图上选中心' },
  late: { late: '超时', over: '超 {time}', arrivedLate: '已到场 · 超时' },
  training: { word: '训练', apart: '与实战分开：此处的命令不会到达真实警力' },
  paper: { map: '地图图片', print: '打印', take: '地图图片与打印' },
  slow: { link: '网络缓慢' },
}
