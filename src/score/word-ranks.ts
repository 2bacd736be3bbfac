/**
 * The 2,000 commonest words of code, commonest first: by the number of functions they occur in, of 85,601 functions of 56
 * repositories in 12 languages, without `COMMON_WORDS`.
 */
const COMMONEST = `
name value type error length map key options array data node path object func add id index create result has end fn list err context file state
exception on text source start push config range size nil element request parse all args len code override empty item url update message content
target join append property info val current match next event use query input build parent format filter each line count read max call remove final
test by base find client io write fun values http replace run model out json expression keys assert no check resolve ok response collection last some
option time log at promise make first field slice handle module command logger invalid ref method delete init body table internal callback cache
metadata math record output view builder style group non meta label props version utils dir split items api goog root html token app column bytes
block argument apply min process entity width left hash types identifier offset prefix select load close date plugin action foreach status entry raw
mode handler char editor user names child params fmt open position ctx opts header only vec span prototype mut kind render contains instance
connection constructor buffer failed after headers be found should right scope document debug stack color 64 arguments global transform num attribute
tag byte files os clear schema nodes pos active doc host errors interface stream includes local req elements convert before merge server store fields
graph arg height exists print console long clone ignore level prop template properties copy strings into attributes change payload must iter 10
filename can trim timeout one fs show done require throws opt insert valid sync env listener page description parser stop full when iterator obj sort
lock point unit errorf dom effect unwrap dispatch helper parameter selector inner validate report series custom loc window starts el lower reference
head entries pattern warning equals top parameters old normalize system dict literal changed comment utf div flat src isinstance columns warn children
paths manager execute locale move link cannot factory sprintf send flag exit idx title frame queue duration ts include msg it pop original generate
skip where reset row component chunk category operation runtime order scale matches nx cmd util now 32 container then flags box selected labels owner
required shell ast extension success selection equal layout decode attrs iterable post alias main symbol escape results form search eq events allow js
cfg expected missing enabled sql session display plugins other quote location web sequence defer concat uint click connect protocol buf repo wrap
dependencies tuple edge statement fetch database uri engine storage socket chain member parts encode fill lines impl excalidraw namespace previous
auto space declaration platform sub limit compare total access rule many tree package css reverse channel port exec objects cursor depth proxy modules
icon stringify predicate focus resolved flow primary project re attr zero emit short unexpected param job dependency timestamp cached driver down
simple collect wrapper provider unsafe up comments complete without 100 unique assign dev cause partial conf image matrix register word pub fix save
task kwargs mapping using suffix sys dictionary variable ordinal directory disable environment integer ids mark suspend res shape closed deleted
single ensure axis prev settings dispatchable ends expect db shift exp inline illegal resource 16 failure optional exports binary reduce safe cancel
supported extract callable computed initial language own warnings loop transaction encoding deferred scheme help regex drop feature writer extend fail
sum bind expr strategy deprecated button control hidden https address extra separator rect usize abs center slug common reg signature absolute
extensions ps stdout translate maybe commands multi operator step prepare force spec define definition external put arr arrow scroll enumerable
pipeline relative abstract like generator isset na script pipe upper indices ec edges tokens profile rest auth interval pointer strip application
named indent native edit reader reject adapter syntax finish relation enum coord hooks network available enable an install sorted extent second
suppress unlock background layer controller mutable release browser flush round eval reason part points dirname trace bound remote cast groups core
culture prevent example elem scalar geometry messages binding progress cobra substring tr setup plain unsupported big never prompt was fallback origin
existing updated cell toggle vector closure col href clean rules unless coordinates typed scene direction lang loader lookup trigger contents rows
constraint allowed anchor take bottom compile deprecation identity ret actions compute condition foreign loaded parsed dim weight examples disabled
ordered random wait configure coordinate pending shared strict deep directed std tt seconds tab could fragment section ext deps throwable hook
repository diff renderer vite visible exclude formatter segment begin numeric trailing defaults hostname invoke enter panel runner acc delta temp
versions double normalized react git jenkins support 1000 are widget classes menu units construct canvas panic assignment capture multiple refresh
hint draw initialize pull dep site collections watch zr hex validation bounds mixed media permission cookie fixer struct filepath getattr keep ui
callee configuration targets pool needs route variables counter same you matcher verbose already service cmdutil bar comparison character created
compilation running serialize align unset dist pre stats redirect remaining signals that usage between colors ready words blocks day hide restore
virtual dimension angle does methods encoded implemented linear side chars constraints cs cwd ns password returns thread every nested resolver once
chunks ms pk fixed nameof padding specifier 12 annotation resolution docs px dest per quasar cim spider tap dojo mouse zoom aria stat codes delay ex
keyof jvm leading metric metrics ranges 11 whitespace segments stroke mod timer until accept commit completion negative seq signal ssl grid localized
xml changes orm verify zip capacity lazy seen dispose slot splice succeed animation batch streams traverse win initialized closing flatten font pixel
preserve descriptor drag expand policy 18 graphic cb ii blank desc generic normal immutable projection unicode registry tags ascii delegate listen
styles loading millis sets generated nullable 200 listeners requires abort walk invariant removed com recursive sample synchronized enumerate nu
placeholder cli future editable ghrepo floor referenced tick tmp year histogram resize es callbacks infinity checked go stderr windows features union
month printer program vertical have inverse bundle matching functions imports handlers references role subject unix used unchecked inject markdown
decorator hit slots compiler finished plural queries repeat sig supports yaml errback exact pages spyder visual nothing shallow 20 detail dynamic
cleanup stapler uid components distance hasattr started alpha ratio discovery models op positive resources conn decimal publish related rtc bounding
completed exist tls details candidate em marker rotate more actual defined exc tests legacy md notify pkg threshold interrupted received replacement
agent del retry bit calculate qt ssr webpack worker added maximum asset installed org partition println rendered sources admin cmdlet glob requested
duplicate snapshot templates username bits coords coroutine dialog upload ch inspect logging ls perform rename formatted opening sign sx dot slash
charset processing ptr startswith track screen email issue live populate records horizontal mapped fprintf login modified such sy increment margin
respond resume expressions master real regexp unable exceptions graphs newline schedule connected folder alt inside jsx tool digit download priority
black comparable comparer cookies draft evaluate history undone domain dst finder ignored infer simd sink wrapped area latest red svg off rel silent
branch fork summary ws annotations links arrays bucket comma endpoint filtered pr sibling too computer filters precision unshift helpers implode
marshal saved fx github crawler indexes multigraph checker constant dns shutdown transition did pick reflect basic configs python receive security
viewport classmethod dirty forward globals ip always hours pair restricted secret uses aliases evt getter hkt mu owned relations requests seed two
basename bold members specified authentication dense factor iterate mime moved need timezone uucore assets bad converter finite rotation doh idle
outer android babel configured ktor additional dispatcher fa implementation compact either fold green tile broadcast embedded polygon projects resp
transport proto large mask pi theme visibility imported stride grammatical revision highlight lib datetime requirement utc both called curr graphics
keyword overwrite present spaces terminal digest free tail tty certificate gender working clause consume merged sanitized vars zone 15 bigint entities
iso keyboard memory omit please complex needed radius sanitize wagtail bindings packages sensitive visitor eof invocation numbers patterns locales
scan sep submit conditions cur delimiter follow hugo singular states stdin strconv ulong white 13 bench crate digits hour retrieve tables days 24
choice combine destroy disconnect executor connections dark heading pad paragraph paren percent sha 500 checks enqueue java mixin provide urls argv
boundary elseif known matched net ql transformer will ancestor conditional declare modifiers py asyncio gen minutes reflection requirements views
fiber patch workflow characters credentials execution high multiply than tooltip variants xy algorithm degree fi stale attach destination dimensions
opacity plus preview environ propagation provided sd defs direct dirs sender uumain family foo sparse stacklevel tasks asserts expires iframe
interactive low observer unmarshal 404 buckets expanded given img permissions refs scrapy semicolon uuid border comparator discard elsif back bbox
clip fire hashes minus jobs sites upstream blur clamp declarations ds focused prepend samples servlet 14 decoration gh modifier outgoing over peek
reload standard brace contain indexed inf naming sqlite visuals assertion ctrl javascript localization markup yellow brush compiled cross locked
mutation specific your decl dump information phrase scripts touch candidates middleware sqrt visit weak wrong ceil milliseconds stopped term vals
waiting buffered escaped inc overflow sleep ai backend difference fine less 256 archsimd atomic routes truncate accessor bin lanes marks possible
association got major minute mutate parsing pip pivot tabs under vue generation ie incoming indicator libs middle peer sent since transfer chan
confirm cut explicit formats linux manifest migration mitmproxy overrides readable times unary behavior immediate languages paint reversed 1024
editing forms hot intersection php quoted specifiers tcp week but definitions describe exported initializer mutex qualified sizes decorated promises
atom blob dbg directive interrupt my optimize setting calendar creating declared fraction hmr hover mapper offsets replay responses websocket www 50
cc choices pow region substr upgrade age device explode library modify symlink typing 60 cancelled canonicalize flattened lt minimum caller ev
experimental modal np starting uu work ap cap cp home intersect mid mirror arrayable greater kernel reply rsp serialization cardinal fatal inherit
instances lowercase passive rhs router secure suggestion translation afero closest invert linked paste sec updates wildcard writable cake cancellation
determine extended histograms seek special terminating 30 512 clap maps receiver cloned cols decorations eager lo palette serializer timestamps
typeorm alternate concurrent detect rescue shortcut specify tools btn diagnostics heredoc humanize lhs mkdir mtx note qb radix relationship services
cert executable exporter logical animate echo guard mount processed prose question small undo variant addr arc consumer lossy lsp mounted parents
persist pretty setter spread symbols been bracket canonical cd cond ident serialized ss tolerance visited workspace about continuation esm gap
identifiers kotlin remainder rs inet minor prefixes scrape sp 400 acquire alter cx cy decorators flows locals mat parens pred returned watcher within
denied embeddable graphql inputs mismatch passed prettier tracker unused zeros built colon parsers preg vm wheel author cartesian cycle ping adj
concurrency legend pagination parenthesis regular st undirected via ca decoder during exclusive prompter protocols cells coerce picker primitive
subscribe there todo 00 adjust composite enumerator importer mem nonce orig pathname rebuild scopes slices statements banner calc freeze iteration
lint written dragging dx fd repr square buttons ending implicit invalidate li outside reserved spanned spans transformed widgets alert authorization
compression declarator directories divide eat iteratee joins prometheus signed aspect crypt detected frames numpy subtract 255 alignment canceled ctor
distribution dy eslint frozen inserted installation later neighbors orient production quiet unmodifiable compatible curl en fast magic overlay steps
ticks xhr yes bg clock fully half handshake inflection keydown may poll spawn br clipboard darwin dataset functools management scales sourcemap
bundled esbuild managed panels rb repos returning traceback transparent xs backward hardline human ios leaf mock product rate satisfies tabindex txt
writeln assignable contract dd encoder mean nanos positions subscription users 31 bencher cmp collapse fprintln geo immediately intercept rgb sidebar
successful sym 23 attempt matchers memo ordering parallel pause ring
`;

const RANKS: ReadonlyMap<string, number> = new Map(COMMONEST.trim().split(/\s+/).map((word, rank) => [word, rank] as const));
/** Rank at which a word weighs ln 2. */
const HALF = 25;
/** Weights are multiples of 1 / STEPS, so that their sums are exact and do not depend on the order of words. */
const STEPS = 2 ** 20;

/** What it says that two functions share a word, > 0: little for `value`, much for `quarantine`. As an inverse document frequency, but from the rank (Zipf). */
export function wordWeight(word: string): number {
  return Math.round(Math.log(1 + ((RANKS.get(word) ?? RANKS.size) + 1) / HALF) * STEPS) / STEPS;
}
