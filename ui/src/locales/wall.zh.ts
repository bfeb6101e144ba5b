/* 大屏、平台指挥岗与警情单的用语。与 wall.en.ts 的键完全一致。 */

export const wallZh = {
  wall: { title: '大屏', city: '全市', open: '处置中', attainment: '今日达标', free: '空闲' },
  postDesk: {
    title: '平台指挥岗', calm: '本网格没有处置中的警情', away: '外派中', units: '本台警力', dispatch: '本台派警', nobody: '本台没有空闲警力，请报指挥中心',
    sooner: '他台 {unit} 更快（{time}），可报指挥中心派出', notOwn: '不在本网格：由指挥中心指挥，此处只登记本台警力', otherPlatform: '他台',
    onPost: '在岗 {post} {age}', inBeat: '在{beat}', patrolling: '网格内', lost: '连接中断 {age} · 截至 {time}', noBeat: '方案中没有本平台的网格', noPoints: '本网格没有必巡点',
    due: '待巡', later: '时段外', done: '已巡', send: '派巡',
  },
  sheet: {
    title: '警情单', print: '打印', open: '警情单', savePicture: '保存地图', making: '正在制图…', noPicture: '地图不可用', printed: '打印于 {time} · {who}', facts: '基本情况', number: '编号', kind: '类别', place: '地点', status: '状态', calledAt: '报警时间',
    clocks: '时钟', both: '到场达标', limit: '时限', five: '五个时钟', dispatch: '派警（报警至首派）', arrival: '到场（首派至实测）', control: '控制（到场至控制）', settlement: '处置（到场至平息）', whole: '全程（报警至结案）',
    units: '出动警力', unit: '警力', role: '任务', pressed: '按键', measured: '实测', stay: '停留', timeline: '处置经过与当时推荐', advised: '当时推荐：{units}', asAdvised: '与推荐一致', otherwise: '与推荐不同', noAdvice: '下达时无推荐在屏',
    notes: '备注', calls: '报警记录', notClosed: '未结案', failed: '暂时读不到处置经过', map: '位置图', signature: '签名',
  },
}
