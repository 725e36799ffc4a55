# Installing the command: programs, completion, man pages, documentation and examples. The library has
# a file of its own.
if(TARGET buddy)
  include(BuddyInstallLibrary)
endif()

get_property(programs GLOBAL PROPERTY BUDDY_WORKLOAD_PROGRAMS)
if(TARGET buddy_command)
  list(APPEND programs buddy_command)
endif()
if(programs)
  install(TARGETS ${programs} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()

# Completion and man pages: the command writes them itself, where it can run.
if(TARGET buddy_command AND (NOT CMAKE_CROSSCOMPILING OR CMAKE_CROSSCOMPILING_EMULATOR))
  set(texts ${PROJECT_BINARY_DIR}/texts)
  add_custom_command(
    OUTPUT ${texts}/buddy.bash
    COMMAND ${CMAKE_COMMAND} -E make_directory ${texts}
    COMMAND buddy_command man --folder ${texts}/man1
    COMMAND buddy_command completion zsh --output ${texts}/buddy.zsh
    COMMAND buddy_command completion bash --output ${texts}/buddy.bash
    DEPENDS ${programs} # the workloads explain themselves
    COMMENT "Writing completion and man pages"
    VERBATIM)
  add_custom_target(buddy_texts ALL DEPENDS ${texts}/buddy.bash)
  # A build of some targets may have none of them.
  install(DIRECTORY ${texts}/man1 DESTINATION ${CMAKE_INSTALL_MANDIR} OPTIONAL)
  install(FILES ${texts}/buddy.bash RENAME buddy OPTIONAL
          DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
  install(FILES ${texts}/buddy.zsh RENAME _buddy OPTIONAL
          DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
endif()

# What runs engines on machines of their own. The unit names the command where it is installed.
if(TARGET buddy_command)
  install(
    CODE "set(bin \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR}\")
configure_file(\"${PROJECT_SOURCE_DIR}/packaging/systemd/buddy-engine.service.in\"
               \"${PROJECT_BINARY_DIR}/buddy-engine.service\" @ONLY)")
  install(FILES ${PROJECT_BINARY_DIR}/buddy-engine.service DESTINATION lib/systemd/system)
  set(slurm ${PROJECT_SOURCE_DIR}/packaging/slurm)
  install(PROGRAMS ${slurm}/prolog.sh ${slurm}/epilog.sh ${slurm}/job.sh
          DESTINATION ${CMAKE_INSTALL_DATADIR}/buddy/slurm)
  install(FILES ${slurm}/settings.sh DESTINATION ${CMAKE_INSTALL_DATADIR}/buddy/slurm)
endif()

# README and docs lie to each other as in the sources, so that their links lead somewhere.
set(doc_folder ${CMAKE_INSTALL_DATAROOTDIR}/doc/buddy)
install(FILES ${PROJECT_SOURCE_DIR}/README.md ${PROJECT_SOURCE_DIR}/CHANGELOG.md
              ${PROJECT_SOURCE_DIR}/CONTRIBUTING.md ${PROJECT_SOURCE_DIR}/LICENSE
        DESTINATION ${doc_folder})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/docs DESTINATION ${doc_folder})
install(
  DIRECTORY ${PROJECT_SOURCE_DIR}/examples
  DESTINATION ${doc_folder}
  FILES_MATCHING
  PATTERN "*.cpp"
  PATTERN "*.c")
# In the tree the examples are tests; these build them as a project of their own.
install(FILES ${PROJECT_SOURCE_DIR}/packaging/examples.cmake DESTINATION ${doc_folder}/examples
        RENAME CMakeLists.txt)
