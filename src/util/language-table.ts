// Written by `npm run grammars` from grammars/*/language.json.
import type { LanguageInfo } from './languages.ts';

export const LANGUAGES: readonly LanguageInfo[] = [
  {"id":"astro","title":"Astro","extensions":[".astro"],"filenames":[],"shebangs":[]},
  {"id":"bash","title":"Bash","extensions":[".sh",".bash",".zsh",".ksh",".bats"],"filenames":[".bashrc",".bash_profile",".profile",".zshrc"],"shebangs":["bash","sh","zsh","ksh","dash"]},
  {"id":"c","title":"C","extensions":[".c",".h"],"filenames":[],"shebangs":[]},
  {"id":"cpp","title":"C++","extensions":[".cpp",".cc",".cxx",".c++",".hpp",".hh",".hxx",".h++",".ipp",".tpp",".cu",".cuh"],"filenames":[],"shebangs":[]},
  {"id":"csharp","title":"C#","extensions":[".cs",".csx"],"filenames":[],"shebangs":[]},
  {"id":"dart","title":"Dart","extensions":[".dart"],"filenames":[],"shebangs":["dart"]},
  {"id":"go","title":"Go","extensions":[".go"],"filenames":[],"shebangs":[]},
  {"id":"java","title":"Java","extensions":[".java"],"filenames":[],"shebangs":[]},
  {"id":"javascript","title":"JavaScript","extensions":[".js",".jsx",".mjs",".cjs",".es6"],"filenames":[],"shebangs":["node","nodejs","bun","deno"]},
  {"id":"jupyter","title":"Jupyter notebook","extensions":[".ipynb"],"filenames":[],"shebangs":[]},
  {"id":"kotlin","title":"Kotlin","extensions":[".kt",".kts"],"filenames":[],"shebangs":[]},
  {"id":"lua","title":"Lua","extensions":[".lua"],"filenames":[],"shebangs":["lua","luajit"]},
  {"id":"objc","title":"Objective-C","extensions":[".m",".mm"],"filenames":[],"shebangs":[]},
  {"id":"php","title":"PHP","extensions":[".php",".phtml",".php5",".inc"],"filenames":[],"shebangs":["php"]},
  {"id":"python","title":"Python","extensions":[".py",".pyi",".pyw"],"filenames":[],"shebangs":["python","python2","python3","pypy"]},
  {"id":"ruby","title":"Ruby","extensions":[".rb",".rake",".gemspec",".ru"],"filenames":["Rakefile","Gemfile","Guardfile","Vagrantfile","Capfile"],"shebangs":["ruby","jruby"]},
  {"id":"rust","title":"Rust","extensions":[".rs"],"filenames":[],"shebangs":["rust-script"]},
  {"id":"scala","title":"Scala","extensions":[".scala",".sc"],"filenames":[],"shebangs":[]},
  {"id":"svelte","title":"Svelte","extensions":[".svelte"],"filenames":[],"shebangs":[]},
  {"id":"swift","title":"Swift","extensions":[".swift"],"filenames":[],"shebangs":[]},
  {"id":"tsx","title":"TSX","extensions":[".tsx"],"filenames":[],"shebangs":[]},
  {"id":"typescript","title":"TypeScript","extensions":[".ts",".mts",".cts"],"filenames":[],"shebangs":["ts-node","tsx","deno","bun"]},
  {"id":"vue","title":"Vue","extensions":[".vue"],"filenames":[],"shebangs":[]},
  {"id":"zig","title":"Zig","extensions":[".zig"],"filenames":[],"shebangs":[]},
];
