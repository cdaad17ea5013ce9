// The words of the interface, in both languages.
const WORDS = {
  zh: {
    search: "查找人物、国家、机构（中英文）", filters: "筛选", share: "复制链接", copied: "链接已复制", reset: "重置",
    language: "English", skip: "跳到内容", controls: "筛选条件", entities: "实体类型", kinds: "事实类型",
    status: "状态", time: "时间", from: "起", to: "止", undated: "含无日期的事实", amount: "显示数量",
    nodes: "实体", links: "每个实体的连线", all: "全部", none: "全不选",
    actual: "已发生", planned: "计划中（虚线）", past: "过去", negated: "否定（✕）",
    Person: "人物", Country: "国家", Place: "地点", Organization: "组织机构", Agreement: "协议文件",
    Event: "会议活动", Initiative: "倡议", Position: "任职",
    names: "别名", identity: "身份", positions: "职务", facts: "事实", noFacts: "当前筛选下没有事实。",
    documents: "篇文档", ego: "关系圈", depth1: "一层", depth2: "两层", path: "最短路径", pathTo: "到……的最短路径",
    noPath: "在当前筛选下两者之间没有路径。", pathFound: "路径", whole: "返回全图", back: "返回",
    evidence: "原文依据", more: "另有 {n} 处依据未收入本页", top: "最重要的实体", partners: "联系最多",
    shown: "显示 {n} 个实体、{m} 条连线；本页含 {a} 个实体、{b} 条事实", cut: "（全图 {a} 个实体、{b} 条事实）",
    picture: "知识图谱。各实体也列在内容栏中。", nothing: "当前筛选下没有可显示的内容。", zoomIn: "放大", zoomOut: "缩小",
    fit: "适合窗口", between: "两者之间", unreadable: "本页数据无法读取；请使用较新的浏览器。", close: "关闭",
    found: "找到 {n} 个", notFound: "没有找到", weight: "{n} 条事实", source: "出处", untitled: "无标题",
    showMore: "再显示 {n} 条", and: "、",
  },
  en: {
    search: "Find people, countries, bodies (Chinese or English)", filters: "Filters", share: "Copy link",
    copied: "Link copied", reset: "Reset", language: "中文", skip: "Skip to content", controls: "Filters",
    entities: "Types of entity", kinds: "Types of fact", status: "Status", time: "Time", from: "From", to: "To",
    undated: "with facts that have no date", amount: "How much", nodes: "Entities", links: "Links of each",
    all: "All", none: "None", actual: "happened", planned: "planned (dashed)", past: "past", negated: "negated (✕)",
    Person: "Person", Country: "Country", Place: "Place", Organization: "Organization", Agreement: "Agreement",
    Event: "Event", Initiative: "Initiative", Position: "office held",
    names: "Other names", identity: "Identity", positions: "Offices", facts: "Facts",
    noFacts: "No facts pass the filters.", documents: "documents", ego: "Surroundings", depth1: "1 step",
    depth2: "2 steps", path: "Shortest path", pathTo: "Shortest path to …",
    noPath: "No path joins the two under these filters.", pathFound: "Path", whole: "Whole picture", back: "Back",
    evidence: "Evidence", more: "{n} more sentences are not in this page", top: "Weightiest entities",
    partners: "Most linked with", shown: "{n} entities and {m} links shown; this page holds {a} entities, {b} facts",
    cut: " (the whole graph: {a} entities, {b} facts)", picture: "Knowledge graph. Its entities are listed in the content column too.",
    nothing: "Nothing passes the filters.", zoomIn: "Zoom in", zoomOut: "Zoom out", fit: "Fit to window",
    between: "Between the two", unreadable: "The data of this page can't be read; use a newer browser.", close: "Close",
    found: "{n} found", notFound: "nothing found", weight: "{n} facts", source: "Source", untitled: "Untitled",
    showMore: "{n} more", and: ", ",
  },
};
const TYPES = ["Person", "Country", "Organization", "Place", "Event", "Agreement", "Initiative"];
const STATUSES = ["actual", "planned", "past", "negated"];
// Colours that differ in lightness too, and shapes, so that no type is told by hue alone.
const COLOURS = {
  Person: "#1f5fa8", Country: "#b3261e", Organization: "#7a3fa0", Place: "#2d7a3a",
  Event: "#a65f00", Agreement: "#00707a", Initiative: "#8a2a63",
};
const SHAPES = {
  Person: "ellipse", Country: "rectangle", Organization: "diamond", Place: "triangle",
  Event: "star", Agreement: "hexagon", Initiative: "pentagon",
};
const GLYPHS = {
  Person: "●", Country: "■", Organization: "◆", Place: "▲", Event: "★", Agreement: "⬢", Initiative: "⬟",
};

let language = "zh";

function word(name, values) {
  let text = WORDS[language][name] || name;
  for (const [key, value] of Object.entries(values || {})) text = text.replace("{" + key + "}", value);
  return text;
}
