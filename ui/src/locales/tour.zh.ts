/* Words of the first-run tour, Chinese. */
export default {
  again: '再看一遍导览', dismiss: '不再显示', back: '上一步', next: '下一步', done: '完成',
  queue: '警情', queueText: '等级高的在前，同级先来先办。细条是时限：到 70 % 变黄，超时变红。按 1 至 9 选择一条，按 N 接警。',
  map: '地图', mapText: '形状表示警种，外框表示状态，空心表示位置已旧。R 显示 1-3-5 可达，L 选图层，F 跟随所选警力。',
  incident: '所选警情', incidentText: '事实、时限、推荐和处置都在这里。推荐写明何时到、能否达标、为什么；按 O 派出，也可自行改选。',
  units: '警力', unitsText: '呼号、状态、网格和位置多旧。输入几个字即可筛选；在任何一处选中，各处同时选中。',
  header: '今日与链路', headerText: '达标写明几起中几起。右侧是链路：断开时画面变灰，写明截至何时，且不能下令。随时按 ? 看快捷键。',
}
