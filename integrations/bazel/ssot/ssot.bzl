"""Map ssot over a workspace: one action for each C++ source, which Bazel runs anywhere and caches like a compilation.

`ssot_facts_aspect` adds to each cc_* target, and to what it depends on, the output group `ssot_facts`: a facts file for each source,
made by `ssot extract` from the sources, the headers that the target may include, the toolchain and the rule file, and from nothing else.
`ssot_facts` joins those of several targets into one file, which `ssot check --facts FILE --facts-only` reduces to the report.

Targets with the tag `no-ssot` and targets of other repositories are left out.
"""

load("@bazel_tools//tools/build_defs/cc:action_names.bzl", "CPP_COMPILE_ACTION_NAME")
load("@bazel_tools//tools/cpp:toolchain_utils.bzl", "find_cpp_toolchain")

SsotFactsInfo = provider(
    doc = "What ssot saw in a target and in what it depends on.",
    fields = {"facts": "depset of facts files"},
)

_EDGES = ["deps", "srcs", "implementation_deps"]
_SOURCES = ["cc", "cpp", "cxx", "c++", "C"]
_HEADERS = ["h", "hh", "hpp", "hxx", "h++", "inc", "inl", "ipp", "tcc", "def"]

def _targets(attr, name):
    value = getattr(attr, name, None)
    return [target for target in value if type(target) == "Target"] if type(value) == "list" else []

def _words(ctx, texts):
    """Options as the cc_* rules read them: make variables expanded, split at spaces."""
    words = []
    for text in texts:
        expanded = ctx.expand_make_variables("copts", text, {}) if "$(" in text else text
        words += [word for word in expanded.split(" ") if word]
    return words

def _compilation_context(target, attr):
    if CcInfo in target:
        return target[CcInfo].compilation_context

    # cc_binary and cc_test give none: theirs is that of what they depend on.
    infos = [dep[CcInfo] for dep in _targets(attr, "deps") if CcInfo in dep]
    return cc_common.merge_cc_infos(cc_infos = infos).compilation_context

def _defines(ctx, target):
    """Those that the compilation context does not hold."""
    attr = ctx.rule.attr
    own = getattr(attr, "local_defines", [])
    return _words(ctx, own if CcInfo in target else getattr(attr, "defines", []) + own)

def _compile_command(ctx, target, source, context, toolchain, features):
    """The compiler and its arguments, and the environment of the action."""
    variables = cc_common.create_compile_variables(
        feature_configuration = features,
        cc_toolchain = toolchain,
        source_file = source.path,
        user_compile_flags = ctx.fragments.cpp.copts + ctx.fragments.cpp.cxxopts + _words(ctx, ctx.rule.attr.copts),
        include_directories = context.includes,
        quote_include_directories = context.quote_includes,
        system_include_directories = context.system_includes,
        preprocessor_defines = depset(_defines(ctx, target), transitive = [context.defines]),
        use_pic = toolchain.needs_pic_for_dynamic_libraries(feature_configuration = features),
    )
    chosen = dict(feature_configuration = features, action_name = CPP_COMPILE_ACTION_NAME)
    compiler = cc_common.get_tool_for_action(**chosen)
    flags = cc_common.get_memory_inefficient_command_line(variables = variables, **chosen)
    return [compiler] + flags, cc_common.get_environment_variables(variables = variables, **chosen)

def _extract(ctx, target, source, headers):
    toolchain = find_cpp_toolchain(ctx)
    features = cc_common.configure_features(
        ctx = ctx,
        cc_toolchain = toolchain,
        requested_features = ctx.features,
        unsupported_features = ctx.disabled_features,
    )
    context = _compilation_context(target, ctx.rule.attr)
    command, env = _compile_command(ctx, target, source, context, toolchain, features)
    below = source.short_path[len(ctx.label.package):].strip("/").replace("/", "+")
    facts = ctx.actions.declare_file("_ssot/{}/{}.facts".format(ctx.label.name, below))
    args = ctx.actions.args()
    args.add("extract").add(source).add("-o", facts).add("--root", ".").add("-c", ctx.file._config)
    args.add("--allow-incomplete").add("--")
    args.add_all(command)
    ctx.actions.run(
        mnemonic = "SsotExtract",
        progress_message = "ssot extract " + source.short_path,
        executable = ctx.executable._ssot,
        arguments = [args],
        inputs = depset(
            [source, ctx.file._config] + headers,
            transitive = [context.headers, toolchain.all_files, depset(ctx.files._rules)],
        ),
        outputs = [facts],
        env = env,
    )
    return facts

def _aspect_impl(target, ctx):
    attr = ctx.rule.attr
    inherited = [
        dep[SsotFactsInfo].facts
        for edge in _EDGES
        for dep in _targets(attr, edge)
        if SsotFactsInfo in dep
    ]
    own = []
    if ctx.rule.kind.startswith("cc_") and "no-ssot" not in attr.tags and not ctx.label.workspace_name:
        files = [file for source in _targets(attr, "srcs") for file in source.files.to_list()]
        headers = [file for file in files if file.extension in _HEADERS]
        own = [_extract(ctx, target, file, headers) for file in files if file.extension in _SOURCES]
    facts = depset(own, transitive = inherited)
    return [SsotFactsInfo(facts = facts), OutputGroupInfo(ssot_facts = facts)]

ssot_facts_aspect = aspect(
    implementation = _aspect_impl,
    attr_aspects = _EDGES,
    attrs = {
        "_ssot": attr.label(default = "//ssot:tool", executable = True, allow_files = True, cfg = "exec"),
        "_config": attr.label(default = "//ssot:config", allow_single_file = True),
        "_rules": attr.label(default = "//ssot:rules"),
        "_cc_toolchain": attr.label(default = "@bazel_tools//tools/cpp:current_cc_toolchain"),
    },
    fragments = ["cpp"],
    toolchains = ["@bazel_tools//tools/cpp:toolchain_type"],
)

def _facts_impl(ctx):
    facts = depset(transitive = [target[SsotFactsInfo].facts for target in ctx.attr.targets])
    joined = ctx.actions.declare_file(ctx.label.name + ".facts")
    listing = ctx.actions.args()
    listing.use_param_file("%s", use_always = True).set_param_file_format("multiline")
    listing.add_all(facts)
    ctx.actions.run_shell(
        mnemonic = "SsotJoin",
        command = 'while IFS= read -r file; do cat -- "$file"; done < "$1" > ' + "'" + joined.path + "'",
        arguments = [listing],
        inputs = facts,
        outputs = [joined],
    )
    return [DefaultInfo(files = depset([joined]))]

ssot_facts = rule(
    implementation = _facts_impl,
    doc = "The facts of `targets` and of what they depend on, in one file.",
    attrs = {"targets": attr.label_list(aspects = [ssot_facts_aspect], mandatory = True)},
)
